"""How devices come and go."""

from typing import Any

import pytest

from appliance.actions.personal import device as actions
from appliance.actions.personal.device import LONGEST_UNUSED, MOST_DEVICES
from appliance.actions.user import api_key, deactivation
from appliance.actions.user import creation as user_actions
from appliance.base.errors import ApiError
from appliance.model.device import Device, Kind, listed, registration
from appliance.model.user import User
from appliance.store import device as devices
from appliance.store import job as jobs
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import MakeUser, MovableClock

TOKEN = "5ec2e7"


@pytest.fixture
def ann(make_user: MakeUser) -> User:
    return make_user("Ann")


@pytest.fixture
def bob(make_user: MakeUser) -> User:
    return make_user("Bob")


def of(store: Store, user: User) -> list[Device]:
    with store.read() as reader:
        return devices.of_user(reader, user.id)


def errands(store: Store) -> list[dict[str, Any]]:
    """What a push service is to be told."""
    with store.read() as reader:
        waiting = [job_id for job_id, queue, _ in jobs.waiting(reader) if queue == "push_bouncer"]
        found = [jobs.get(reader, job_id) for job_id in waiting]
    return [job.event() for job in found if job]


def test_a_device_comes_and_a_push_service_is_to_know(store: Store, ann: User, clock: MovableClock) -> None:
    device_id = actions.register(store, ann, "apns", TOKEN, {"app_id": "org.example.app"})
    now = int(clock.now())
    assert of(store, ann) == [
        Device(device_id, ann.id, "apns", TOKEN, {"app_id": "org.example.app"}, now, now)
    ]
    assert errands(store) == [{"type": "register", "user_profile_id": ann.id, "device_id": device_id}]


def test_one_that_comes_again_is_the_same_and_used_now(store: Store, ann: User, clock: MovableClock) -> None:
    first = actions.register(store, ann, "web", TOKEN, {"auth": "old"})
    store.write(lambda transaction: devices.failed(transaction, [first], "it is full"))
    clock.advance(100)
    assert actions.register(store, ann, "web", TOKEN, {"auth": "new"}) == first
    (device,) = of(store, ann)
    assert (device.keys, device.error) == ({"auth": "new"}, None)
    assert device.last_used == device.created + 100
    assert errands(store) == []


def test_of_too_many_those_unused_for_longest_go(store: Store, ann: User, clock: MovableClock) -> None:
    for number in range(MOST_DEVICES + 2):
        clock.advance(1)
        actions.register(store, ann, "web", f"token{number}", {})
    assert [each.token for each in of(store, ann)] == [
        f"token{number}" for number in range(2, MOST_DEVICES + 2)
    ]


def test_a_bot_has_no_devices(store: Store, make_user: MakeUser) -> None:
    bot = make_user("Robot", is_bot=True)
    for deed in (
        lambda: actions.register(store, bot, "fcm", TOKEN, {}),
        lambda: actions.unregister(store, bot, "fcm", TOKEN),
        lambda: actions.register_encrypted(store, bot, 1, "fcm", "", {}),
    ):
        with pytest.raises(ApiError, match="This endpoint does not accept bot requests"):
            deed()


@pytest.mark.parametrize("kind", ["web", "ntfy", "e2ee"])
def test_a_device_goes_at_once(store: Store, ann: User, kind: Kind) -> None:
    actions.register(store, ann, kind, TOKEN, {})
    actions.unregister(store, ann, kind, TOKEN)
    assert of(store, ann) == []
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM device") == 0


def test_a_phone_that_goes_stays_until_a_push_service_knows(store: Store, ann: User) -> None:
    device_id = actions.register(store, ann, "fcm", TOKEN, {})
    actions.unregister(store, ann, "fcm", TOKEN)
    assert of(store, ann) == []
    assert errands(store)[1] == {"type": "unregister", "user_profile_id": ann.id, "device_id": device_id}
    with pytest.raises(ApiError, match="Token does not exist"):
        actions.unregister(store, ann, "fcm", TOKEN)
    assert actions.register(store, ann, "fcm", TOKEN, {}) == device_id  # it has come back
    assert [each.id for each in of(store, ann)] == [device_id]


def test_nobody_takes_away_what_is_anothers(store: Store, ann: User, bob: User) -> None:
    device_id = actions.register(store, ann, "web", TOKEN, {})
    for each in (device_id, 4711):
        with pytest.raises(ApiError, match="Device does not exist"):
            actions.remove(store, bob, each)
    with pytest.raises(ApiError, match="Token does not exist"):
        actions.unregister(store, bob, "web", TOKEN)
    actions.remove(store, ann, device_id)
    assert of(store, ann) == []


def test_a_new_key_or_a_deactivation_ends_all(store: Store, ann: User, bob: User) -> None:
    user_actions.create(store, email="owner@example.org", full_name="Owner", role=ann.role, password=None)
    for user, end in ((bob, deactivation.deactivate), (ann, api_key.reset)):
        for kind, token in (("web", "1"), ("fcm", "2")):
            actions.register(store, user, kind, token, {})  # type: ignore[arg-type]
        end(store, user)
        assert of(store, user) == []
        assert errands(store)[-1] == {"type": "unregister_all", "user_profile_id": user.id}


def test_no_push_service_is_told_of_who_has_no_phone(store: Store, ann: User) -> None:
    actions.register(store, ann, "web", TOKEN, {})
    api_key.reset(store, ann)
    assert errands(store) == []


def test_what_is_not_used_for_long_goes(store: Store, ann: User, clock: MovableClock) -> None:
    actions.register(store, ann, "web", "old", {})
    clock.advance(LONGEST_UNUSED)
    actions.register(store, ann, "web", "new", {})
    writes = store.committer.writes
    actions.forget_unused(store, clock)
    assert len(of(store, ann)) == 2
    assert store.committer.writes == writes  # an idle server writes nothing
    clock.advance(1)
    actions.forget_unused(store, clock)
    assert [each.token for each in of(store, ann)] == ["new"]


def test_encrypted_pushes_are_registered_by_a_job(store: Store, ann: User) -> None:
    sealed = {"bouncer_public_key": "public", "encrypted_push_registration": "sealed"}
    actions.register_encrypted(store, ann, 2408, "fcm", "key", sealed)
    (device,) = of(store, ann)
    assert (device.token, registration(device)) == ("2408", {"status": "pending"})
    with store.read() as reader:
        ((job_id, _, _),) = [
            each for each in jobs.waiting(reader) if each[1] == "missedmessage_mobile_notifications"
        ]
        job = jobs.get(reader, job_id)
    assert job is not None
    assert job.event() == {
        "type": "register_push_device_to_bouncer",
        "user_profile_id": ann.id,
        "payload": {"user_profile_id": ann.id, "push_account_id": 2408, **sealed},
    }


@pytest.mark.parametrize(
    ("device_id", "code", "status"),
    [
        (7, None, {"status": "active"}),
        (None, "REQUEST_EXPIRED", {"status": "failed", "error_code": "REQUEST_EXPIRED"}),
    ],
)
def test_how_a_registration_ends(
    store: Store, ann: User, device_id: int | None, code: str | None, status: dict[str, str]
) -> None:
    actions.register_encrypted(store, ann, 2408, "fcm", "key", {})

    def write(transaction: Transaction) -> None:
        for account in (2408, 1):  # the other one is gone
            actions.settle_registration(transaction, ann.id, account, device_id, code)

    store.write(write)
    assert registration(of(store, ann)[0]) == status


# checklist 252
@pytest.mark.parametrize(
    ("kind", "token", "keys", "label"),
    [
        ("apns", TOKEN, {"app_id": "org.example.app"}, "org.example.app"),
        ("fcm", TOKEN, {}, "Android"),
        ("e2ee", "2408", {"kind": "apns", "push_key": TOKEN, "device_id": 3, "error_code": None}, "iOS"),
        ("web", f"https://push.example.org:8443/{TOKEN}", {"auth": TOKEN}, "push.example.org"),
        ("ntfy", f"https://user:{TOKEN}@ntfy.sh/{TOKEN}", {"form": "ntfy"}, "ntfy.sh"),
    ],
)
def test_a_listing_has_no_secret(kind: Kind, token: str, keys: dict[str, Any], label: str) -> None:
    device = Device(3, 7, kind, token, keys, 1, 2, "it is full")
    shown = listed(device)
    assert shown == {
        "id": 3, "kind": kind, "label": label, "created": 1, "last_used": 2, "error": "it is full",
    }  # fmt: skip
    assert TOKEN not in repr(device) + str(shown)
