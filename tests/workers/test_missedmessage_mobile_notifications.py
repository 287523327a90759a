"""Which devices get a job of what, and that it is decided once; what is sent: test_pushing.py."""

import json
import logging
from dataclasses import replace
from typing import Any
from unittest.mock import ANY

import pytest

from appliance.actions.message import edit as edit_actions
from appliance.actions.message import flag as flag_actions
from appliance.actions.message.edit import Wish
from appliance.actions.user import deactivation
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApplianceError
from appliance.jobs.verdict import Fail, Retry
from appliance.model.device import Kind
from appliance.model.user import User
from appliance.notify.push.notification import MOST_REMOVED
from appliance.outside.road import failed, later
from appliance.outside.roads import Roads
from appliance.store import device as devices
from appliance.store.transaction import Job, Transaction
from appliance.workers.missedmessage_mobile_notifications import MissedMessageMobileNotifications
from tests.conftest import MakeUser
from tests.outside.roads import FakeBouncer, FakeRoad
from tests.workers.conftest import Team

QUEUE = "missedmessage_mobile_notifications"
ROADS = ("apns", "fcm", "web", "ntfy")


@pytest.fixture
def pushing(team: Team) -> Team:
    """With all roads but the bouncer."""
    use(team, *(FakeRoad(name) for name in ROADS))
    return team


def use(team: Team, *roads: FakeRoad) -> None:
    team.parts = replace(team.parts, roads=Roads({each.name: each for each in roads}))


def device(
    team: Team, user: User, kind: Kind, token: str = "5ec2e7", keys: dict[str, Any] | None = None
) -> int:
    return team.store.write(lambda transaction: devices.add(transaction, user.id, kind, token, keys or {}))


def add(user: User, message_id: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "add",
        "user_profile_id": user.id,
        "message_id": message_id,
        "trigger": "direct_message",
        "mentioned_user_group_id": None,
        **more,
    }


def run(team: Team, event: dict[str, Any]) -> Job:
    job = team.enqueue(QUEUE, event)
    team.consume(MissedMessageMobileNotifications, job)
    return job


def orders(team: Team) -> list[tuple[str, dict[str, Any]]]:
    """Queue and event of what is to be sent."""
    return [
        (job.queue, job.event())
        for queue in ("push_bouncer", *(f"push_{name}" for name in ROADS))
        for job in team.waiting(queue)
    ]


# checklist 7, 16, 30, 132, 245, 247
def test_each_device_of_the_person_gets_a_job_in_the_queue_of_its_road(pushing: Team) -> None:
    team = pushing
    kinds: tuple[Kind, ...] = ("apns", "fcm", "web", "ntfy")
    ids = {kind: device(team, team.ann, kind) for kind in kinds}
    device(team, team.cyd, "fcm", "of somebody else")
    message_id = team.direct(team.bob, team.ann)
    run(team, add(team.ann, message_id))
    about = add(team.ann, message_id)
    assert orders(team) == [(f"push_{kind}", {**about, "device_id": ids[kind]}) for kind in kinds]
    assert team.waiting(QUEUE) == []


def test_the_type_may_be_missing(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    event = add(pushing.ann, pushing.direct(pushing.bob, pushing.ann))
    del event["type"], event["mentioned_user_group_id"]
    run(pushing, event)
    assert [queue for queue, _ in orders(pushing)] == ["push_fcm"]


def test_the_bouncer_gets_one_job_for_all_and_one_for_all_encrypted(team: Team) -> None:
    use(team, FakeBouncer(), FakeRoad("apns"), FakeRoad("web"))
    kinds: tuple[Kind, ...] = ("apns", "fcm", "e2ee", "web")
    for kind in kinds:
        device(team, team.ann, kind, "first")
    device(team, team.ann, "e2ee", "second")
    run(team, add(team.ann, team.direct(team.bob, team.ann)))
    found = [(queue, event.get("encrypted")) for queue, event in orders(team)]
    assert found == [("push_bouncer", False), ("push_bouncer", True), ("push_web", None)]


def test_the_same_job_again_does_nothing(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    job = run(pushing, add(pushing.ann, pushing.direct(pushing.bob, pushing.ann)))
    before = orders(pushing)
    pushing.consume(MissedMessageMobileNotifications, job)
    assert orders(pushing) == before


def test_a_second_notice_of_the_same_message_does_nothing(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    message_id = pushing.direct(pushing.bob, pushing.ann)
    for _ in range(2):
        run(pushing, add(pushing.ann, message_id))
    assert len(orders(pushing)) == 1


class Crash(ApplianceError):
    """Instead of a kill."""


def test_a_crash_before_the_commit_leaves_the_job_as_it_was(
    pushing: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ROADS:
        device(pushing, pushing.ann, kind)  # type: ignore[arg-type]
    event = add(pushing.ann, pushing.direct(pushing.bob, pushing.ann))
    job = pushing.enqueue(QUEUE, event)
    calls = iter((None, None, Crash()))
    enqueue = Transaction.job

    def crash(self: Transaction, *args: Any, **named: Any) -> Any:
        if error := next(calls, None):
            raise error
        return enqueue(self, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "job", crash)
        with pytest.raises(Crash):
            pushing.consume(MissedMessageMobileNotifications, job)
    assert orders(pushing) == []
    pushing.consume(MissedMessageMobileNotifications, pushing.job(job.id))
    assert len(orders(pushing)) == len(ROADS)


# -- nobody to push to


def test_what_is_read_meanwhile_is_not_pushed(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    message_id = pushing.direct(pushing.bob, pushing.ann)
    pushing.read(pushing.ann, message_id)
    run(pushing, add(pushing.ann, message_id))
    assert orders(pushing) == []


@pytest.mark.parametrize("message_id", ["gone", "of others"])
def test_a_message_that_is_not_for_them(
    pushing: Team, message_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    device(pushing, pushing.ann, "fcm")
    found = 4711 if message_id == "gone" else pushing.direct(pushing.bob, pushing.cyd)
    run(pushing, add(pushing.ann, found))
    assert orders(pushing) == []
    assert f"message {found} is gone, or no longer for user {pushing.ann.id}" in caplog.text


def test_who_has_no_device(pushing: Team) -> None:
    message_id = pushing.direct(pushing.bob, pushing.ann)
    run(pushing, add(pushing.ann, message_id))
    device(pushing, pushing.ann, "fcm")  # now they have one, and the message has not been pushed
    run(pushing, add(pushing.ann, message_id))
    assert len(orders(pushing)) == 1


# checklist 129, 253
def test_without_a_road_nothing_is_lost_and_nothing_fails(team: Team) -> None:
    device(team, team.ann, "apns")
    message_id = team.direct(team.bob, team.ann)
    run(team, add(team.ann, message_id))
    assert orders(team) == []
    assert team.waiting(QUEUE) == []


def test_a_bot_gets_no_push(pushing: Team, make_user: MakeUser, caplog: pytest.LogCaptureFixture) -> None:
    bot = make_user("Robot", is_bot=True)
    device(pushing, bot, "fcm")
    run(pushing, add(bot, pushing.direct(pushing.bob, bot)))
    assert orders(pushing) == []
    assert f"user {bot.id} is a bot" in caplog.text


def test_a_mention_that_an_edit_took_away_is_not_pushed(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    message_id = pushing.post(pushing.bob, "@**Ann Miller** look")
    edit_actions.edit(pushing.store, pushing.bob, message_id, Wish("look"))
    run(pushing, add(pushing.ann, message_id, trigger="mentioned"))
    assert orders(pushing) == []


def test_or_is_pushed_for_what_is_left(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    message_id = pushing.post(pushing.bob, "@**Ann Miller** look")
    edit_actions.edit(pushing.store, pushing.bob, message_id, Wish("@**all** look"))
    run(pushing, add(pushing.ann, message_id, trigger="mentioned", mentioned_user_group_id=11))
    [(_, event)] = orders(pushing)
    assert (event["trigger"], event["mentioned_user_group_id"]) == ("stream_wildcard_mentioned", None)


@pytest.mark.parametrize(
    ("online", "offline", "count"), [(True, False, 1), (False, True, 1), (False, False, 0)]
)
def test_who_wants_no_pushes_at_all(pushing: Team, online: bool, offline: bool, count: int) -> None:
    changes = {"enable_online_push_notifications": online, "enable_offline_push_notifications": offline}
    setting_actions.change(pushing.store, pushing.ann, changes)
    device(pushing, pushing.ann, "fcm")
    run(pushing, add(pushing.ann, pushing.direct(pushing.bob, pushing.ann)))
    assert len(orders(pushing)) == count


def test_who_is_deactivated(pushing: Team) -> None:
    message_id = pushing.direct(pushing.bob, pushing.ann)
    deactivation.deactivate(pushing.store, pushing.ann)
    device(pushing, pushing.ann, "fcm")
    run(pushing, add(pushing.ann, message_id))
    assert [queue for queue, _ in orders(pushing)] == []


# -- taking back


def remove(user: User, message_ids: list[int]) -> dict[str, Any]:
    return {"type": "remove", "user_profile_id": user.id, "message_ids": message_ids}


# checklist 18, 30, 131, 244
def test_what_is_read_is_taken_back_from_each_device(pushing: Team) -> None:
    first = device(pushing, pushing.ann, "fcm")
    message_id = pushing.direct(pushing.bob, pushing.ann)
    run(pushing, add(pushing.ann, message_id))
    second = device(pushing, pushing.ann, "web")
    flag_actions.update(pushing.store, pushing.ann, [message_id], "add", "read")
    (job,) = pushing.waiting(QUEUE)
    assert job.event() == remove(pushing.ann, [message_id])
    pushing.consume(MissedMessageMobileNotifications, job)
    about = {**remove(pushing.ann, [message_id]), "time": ANY}
    assert orders(pushing)[1:] == [
        ("push_fcm", {**about, "device_id": first}),
        ("push_web", {**about, "device_id": second}),
    ]
    flag_actions.update(pushing.store, pushing.ann, [message_id], "remove", "read")
    flag_actions.update(pushing.store, pushing.ann, [message_id], "add", "read")
    assert pushing.waiting(QUEUE) == []  # there is no flag any more


def test_only_the_newest_are_taken_back_but_all_flags(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    message_id = pushing.direct(pushing.bob, pushing.ann)
    run(pushing, add(pushing.ann, message_id))
    newer = list(range(message_id + 1, message_id + MOST_REMOVED + 5))
    run(pushing, remove(pushing.ann, [*reversed(newer), message_id]))
    assert orders(pushing)[1][1]["message_ids"] == newer[-MOST_REMOVED:]
    run(pushing, add(pushing.ann, message_id))
    assert len(orders(pushing)) == 3  # it can be pushed again


def test_messages_that_are_deleted_are_taken_back(pushing: Team) -> None:
    device(pushing, pushing.ann, "fcm")
    run(pushing, remove(pushing.ann, [4711]))
    assert orders(pushing)[0][1]["message_ids"] == [4711]


# -- what makes no sense


# checklist 234
@pytest.mark.parametrize(
    "event", [{}, {"type": "add", "user_profile_id": 1}, {"type": "remove", "user_profile_id": 1}]
)
def test_an_event_that_makes_no_sense_is_not_tried_again(team: Team, event: dict[str, Any]) -> None:
    use(team, FakeRoad("fcm"))
    device(team, team.ann, "fcm")
    with pytest.raises(Fail):
        run(team, {**event, **({"user_profile_id": team.ann.id} if event else {})})


# -- encrypted pushes


REGISTRATION = {
    "push_account_id": 2408,
    "encrypted_push_registration": "sealed",
    "bouncer_public_key": "public",
}


PENDING = {"kind": "fcm", "push_key": "", "device_id": None, "error_code": None}


def registered(team: Team, bouncer: FakeBouncer | None) -> Job:
    use(team, *([bouncer] if bouncer else []))
    device(team, team.ann, "e2ee", "2408", PENDING)
    payload = {"user_profile_id": team.ann.id, **REGISTRATION}
    event = {"type": "register_push_device_to_bouncer", "user_profile_id": team.ann.id, "payload": payload}
    return team.enqueue(QUEUE, event)


def keys(team: Team) -> dict[str, Any]:
    with team.store.read() as reader:
        (found,) = devices.of_user(reader, team.ann.id)
    return found.keys


def told(team: Team) -> list[dict[str, Any]]:
    with team.store.read() as reader:
        events = [json.loads(body)["event"] for (body,) in reader.rows("SELECT body FROM notice")]
    return [event for event in events if event["type"] == "push_device"]


# checklist 30, 130, 243
def test_a_device_becomes_active(team: Team) -> None:
    bouncer = FakeBouncer()
    team.consume(MissedMessageMobileNotifications, registered(team, bouncer))
    assert bouncer.told == [("sealed public", "2408")]
    assert keys(team)["device_id"] == 77
    assert told(team) == [{"type": "push_device", "push_account_id": "2408", "status": "active"}]
    assert team.waiting(QUEUE) == []


@pytest.mark.parametrize(
    ("code", "level"), [("INVALID_BOUNCER_PUBLIC_KEY", "WARNING"), ("REQUEST_EXPIRED", "ERROR")]
)
def test_a_device_is_refused(team: Team, caplog: pytest.LogCaptureFixture, code: str, level: str) -> None:
    bouncer = FakeBouncer()
    bouncer.registration = failed(code)
    team.consume(MissedMessageMobileNotifications, registered(team, bouncer))
    assert (keys(team)["device_id"], keys(team)["error_code"]) == (None, code)
    event = {"type": "push_device", "push_account_id": "2408", "status": "failed", "error_code": code}
    assert told(team) == [event]
    assert [(each.levelname, str(team.ann.id) in each.getMessage()) for each in caplog.records] == [
        (level, True)
    ]


def test_a_bouncer_that_is_away_is_asked_again(team: Team) -> None:
    bouncer = FakeBouncer()
    bouncer.registration = later("it answers 503", 40.0)
    job = registered(team, bouncer)
    with pytest.raises(Retry) as caught:
        team.consume(MissedMessageMobileNotifications, job)
    assert (caught.value.delay, caught.value.counts) == (40.0, True)
    assert team.waiting(QUEUE) == [job]
    assert told(team) == []


def test_a_device_for_which_there_is_no_bouncer_any_more(team: Team) -> None:
    team.consume(MissedMessageMobileNotifications, registered(team, None))
    assert keys(team)["error_code"] == "BOUNCER_NOT_CONFIGURED"
