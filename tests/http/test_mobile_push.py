"""Test pushes, and registrations for encrypted ones: the endpoints' functions, with roads of our own."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Semaphore
from types import SimpleNamespace
from typing import Any, cast

import pytest

from appliance.actions.personal import device as actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Call
from appliance.http.routes import mobile_push
from appliance.http.services import PUSH_TESTS, Services
from appliance.http.turns import Busy, Turns
from appliance.model.device import Kind
from appliance.model.user import User
from appliance.outside.road import Outcome, failed, gone, later
from appliance.outside.roads import Roads
from appliance.store import device as devices
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import MakeUser
from tests.outside.roads import FakeBouncer, FakeRoad

TOKEN = "5ec2e7"
KEY = b64encode(bytes([0x31, *range(32)])).decode()


@pytest.fixture
def ann(make_user: MakeUser) -> User:
    return make_user("Ann")


def call(store: Store, user: User, *roads: FakeRoad) -> Call:
    found = Roads({each.name: each for each in roads})
    turns = Turns(PUSH_TESTS)
    services = SimpleNamespace(store=store, roads=found, public_url="https://chat.test", push_tests=turns)
    return Call(cast(Services, services), {}, {}, user)


def device(store: Store, user: User, kind: Kind, token: str = TOKEN, **keys: Any) -> int:
    def write(transaction: Transaction) -> int:
        return devices.add(transaction, user.id, kind, token, keys)

    return store.write(write)


def tokens(store: Store, user: User) -> list[str]:
    with store.read() as reader:
        return [each.token for each in devices.of_user(reader, user.id)]


def test_all_phones_get_one_and_nothing_else_does(store: Store, ann: User) -> None:
    roads = FakeRoad("apns"), FakeRoad("fcm"), FakeRoad("web")
    device(store, ann, "apns", "a", app_id="org.example.app")
    device(store, ann, "fcm", "b")
    device(store, ann, "web", "https://push.test/")
    mobile_push.send_test(call(store, ann, *roads))
    apple, google, web = ([push.devices[0].token for push in each.sent] for each in roads)
    assert (apple, google, web) == (["a"], ["b"], [])
    assert roads[1].sent[0].payload["event"] == "test"
    assert 0 < roads[0].left[0] <= mobile_push.PATIENCE


def test_only_the_one_with_the_token(store: Store, ann: User) -> None:
    road = FakeRoad("fcm")
    for token in ("a", "b"):
        device(store, ann, "fcm", token)
    mobile_push.send_test(call(store, ann, road), token="b")
    assert [push.devices[0].token for push in road.sent] == ["b"]


def test_any_device_by_its_id(store: Store, ann: User) -> None:
    road = FakeRoad("ntfy")
    device_id = device(store, ann, "ntfy", "https://ntfy.test/x", form="ntfy")
    mobile_push.send_test_to_one(call(store, ann, road), device_id=device_id)
    assert len(road.sent) == 1


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [(later("it is full"), 502, "BAD_REQUEST"), (failed("the key is wrong"), 400, "BAD_REQUEST")],
)
def test_a_service_that_does_not_take_it(
    store: Store, ann: User, outcome: Outcome, status: int, code: str
) -> None:
    device(store, ann, "fcm")
    with pytest.raises(ApiError) as caught:
        mobile_push.send_test(call(store, ann, FakeRoad("fcm", outcome)))
    assert (caught.value.status, caught.value.code, caught.value.msg) == (status, code, outcome.reason)
    assert tokens(store, ann) == [TOKEN]


def test_a_device_that_is_no_more_is_forgotten_and_others_get_theirs(store: Store, ann: User) -> None:
    for token in ("a", "b"):
        device(store, ann, "fcm", token)
    with store.read() as reader:
        first, _ = devices.of_user(reader, ann.id)
    road = FakeRoad("fcm", gone(first, "UNREGISTERED"))
    with pytest.raises(ApiError, match="Device not recognized") as caught:
        mobile_push.send_test(call(store, ann, road))
    assert caught.value.code == "INVALID_PUSH_DEVICE_TOKEN"
    assert len(road.sent) == 2
    assert tokens(store, ann) == ["b"]


def test_one_that_the_bouncer_does_not_know(store: Store, ann: User) -> None:
    device(store, ann, "fcm", at_bouncer=True)
    with store.read() as reader:
        (phone,) = devices.of_user(reader, ann.id)
    with pytest.raises(ApiError, match="by the push bouncer") as caught:
        mobile_push.send_test(call(store, ann, FakeBouncer(gone(phone, "unknown"))))
    assert caught.value.code == "INVALID_REMOTE_PUSH_DEVICE_TOKEN"


def test_one_that_the_bouncer_is_yet_to_be_told_of(store: Store, ann: User) -> None:
    device(store, ann, "fcm")
    bouncer = FakeBouncer()
    with pytest.raises(ApiError) as caught:
        mobile_push.send_test(call(store, ann, bouncer))
    assert caught.value.status == 502
    assert bouncer.sent == []
    assert tokens(store, ann) == [TOKEN]


# -- few at once, since each holds a thread of the server


class _Stuck(FakeRoad):
    """A service that does not answer until it is `released`."""

    def __init__(self) -> None:
        super().__init__("fcm")
        self.released, self._entered = Event(), Semaphore(0)
        self.before = lambda pushes: self._hang()

    def holds(self, number: int) -> bool:
        return all(self._entered.acquire(timeout=10) for _ in range(number))

    def _hang(self) -> None:
        self._entered.release()
        assert self.released.wait(10)


def test_a_service_that_hangs_holds_few_threads(store: Store, make_user: MakeUser) -> None:
    road, people = _Stuck(), [make_user(name) for name in ("Ann", "Bob", "Cyd")]
    first = call(store, people[0], road)
    for user in people:
        device(store, user, "fcm", f"of {user.id}")
    with ThreadPoolExecutor() as threads:
        asked = [
            threads.submit(mobile_push.send_test, replace(first, user=user)) for user in people[:PUSH_TESTS]
        ]
        try:
            assert road.holds(PUSH_TESTS)
            for user in people:
                with pytest.raises(Busy):
                    mobile_push.send_test(replace(first, user=user))
        finally:
            road.released.set()
        assert [each.result() for each in asked] == [{}] * PUSH_TESTS
    mobile_push.send_test(replace(first, user=people[2]))


def test_a_person_waits_for_one_at_a_time(store: Store, ann: User) -> None:
    road = _Stuck()
    first = call(store, ann, road)
    device_id = device(store, ann, "fcm")
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(mobile_push.send_test, first)
        try:
            assert road.holds(1)
            with pytest.raises(Busy) as caught:
                mobile_push.send_test_to_one(first, device_id=device_id)
        finally:
            road.released.set()
        assert asked.result() == {}
    assert (caught.value.status, caught.value.code) == (503, "BUSY")


# -- encrypted


def registered(store: Store, user: User, **changes: Any) -> None:
    given: dict[str, Any] = {
        "token_kind": "apns",
        "push_account_id": 2408,
        "push_key": KEY,
        "bouncer_public_key": "public",
        "encrypted_push_registration": "sealed",
    }
    mobile_push.register(call(store, user, FakeBouncer()), **{**given, **changes})


def settle(store: Store, user: User, account: int) -> None:
    def write(transaction: Transaction) -> None:
        actions.settle_registration(transaction, user.id, account, account + 70, None)

    store.write(write)


def test_only_active_ones_get_an_encrypted_test(store: Store, ann: User) -> None:
    bouncer = FakeBouncer()
    for account in (1, 2, 3):
        registered(store, ann, push_account_id=account)
    for account in (1, 2):
        settle(store, ann, account)
    mobile_push.send_encrypted_test(call(store, ann, bouncer))
    assert [push.devices[0].token for push in bouncer.sent] == ["1", "2"]
    mobile_push.send_encrypted_test(call(store, ann, bouncer), push_account_id=2)
    assert len(bouncer.sent) == 3
    with pytest.raises(ApiError, match="no active push device"):
        mobile_push.send_encrypted_test(call(store, ann, bouncer), push_account_id=3)


@pytest.mark.parametrize(
    "push_key",
    [
        "",
        "!",
        "äöü",
        b64encode(bytes(33)).decode(),
        b64encode(bytes([0x31] * 32)).decode(),
        KEY + "AAAA",
        KEY[:-1],
    ],
)
def test_a_wrong_key(store: Store, ann: User, push_key: str) -> None:
    with pytest.raises(ApiError, match="Invalid `push_key`"):
        registered(store, ann, push_key=push_key)
    assert tokens(store, ann) == []
