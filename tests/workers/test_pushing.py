"""From a decision to a road and back: real job pool and workers, roads that answer as they are told."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from appliance.actions.message import flag as flag_actions
from appliance.actions.personal import device as device_actions
from appliance.actions.user import setting as setting_actions
from appliance.base.values import policy_rules
from appliance.jobs.deadline import Deadline
from appliance.jobs.verdict import Retry
from appliance.jobs.worker import Context
from appliance.model.device import Kind
from appliance.outside.road import Outcome, failed, gone, later, sent
from appliance.outside.roads import Roads
from appliance.store import device as devices
from appliance.store import push_day
from appliance.workers import policies, queues
from appliance.workers.push_apns import PushApns
from appliance.workers.push_outcome import LONGEST_WAIT
from appliance.workers.pushing import MENDING
from tests.conftest import MovableClock, until
from tests.outside.roads import FakeBouncer, FakeRoad
from tests.workers.conftest import Team
from tests.workers.pushing import DECIDED, PushServer

LONG = 1000.0  # seconds after which any retry without a time of its own is due
TOKEN, SECRET = "5ec2e7-token", "5ec2e7-text"
Serve = Callable[..., PushServer]


@pytest.fixture
def serve(team: Team, clock: MovableClock) -> Iterator[Serve]:
    """Makes servers that push by the roads given."""
    made: list[PushServer] = []

    def make(*roads: FakeRoad, **changes: Any) -> PushServer:
        made.append(PushServer(team, team.parts, clock, *roads, **changes))
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def fcm() -> FakeRoad:
    return FakeRoad("fcm")


@pytest.fixture
def pushing(serve: Serve, fcm: FakeRoad, team: Team) -> PushServer:
    """By fcm, to the one device of Ann."""
    server = serve(fcm)
    server.device(team.ann, "fcm", TOKEN)
    server.settle()
    return server


# -- sent


# checklist 127, 132, 236, 246, 247
@pytest.mark.parametrize("kind", ["apns", "fcm", "web", "ntfy"])
def test_a_missed_message_is_pushed_once_by_each_road(
    serve: Serve, team: Team, kind: Kind, clock: MovableClock
) -> None:
    road = FakeRoad(kind)
    server = serve(road)
    server.device(team.ann, kind, TOKEN)
    server.decide(team.ann, team.direct(team.bob, team.ann, text="x" * 500))
    clock.advance(3)
    server.settle()
    (push,) = road.sent
    assert [each.token for each in push.devices] == [TOKEN]
    assert "x" * 200 + "…" in str(push.payload)
    assert push.urgent
    assert server.waiting() == []
    assert server.count(kind, "sent") == 1
    seconds = server.metrics.values("appliance_push_seconds_sum")
    assert seconds == {(("road", kind),): pytest.approx(3, abs=1)}


def test_many_go_together_to_apple(serve: Serve, team: Team) -> None:
    road = FakeRoad("apns")
    server = serve(road)
    for number in range(5):
        server.device(team.ann, "apns", f"token{number}")
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    assert sorted(push.devices[0].token for push in road.sent) == [f"token{number}" for number in range(5)]
    assert server.count("apns", "sent") == 5
    with team.store.read() as reader:
        assert push_day.count(reader, int(team.parts.clock.now()) // push_day.DAY) == 5


def test_a_mention_by_a_group_says_which(serve: Serve, team: Team) -> None:
    road = FakeRoad("apns")
    server = serve(road)
    server.device(team.ann, "apns", TOKEN)
    message_id = team.post(team.bob, "@**Ann Miller** hello")
    server.decide(team.ann, message_id, "mentioned", mentioned_user_group_id=3)
    server.settle()
    assert road.sent[0].payload["alert"]["subtitle"] == "Bob mentioned @role:members:"


def test_a_push_is_in_the_language_of_the_one_who_gets_it(pushing: PushServer, team: Team) -> None:
    setting_actions.change(team.store, team.ann, {"default_language": "de"})
    apple = FakeRoad("apns")
    pushing.parts.roads._roads["apns"] = apple  # one that sees the subtitle
    pushing.device(team.ann, "apns", TOKEN)
    pushing.decide(team.ann, team.post(team.bob, "@**Ann Miller** hello"), "mentioned")
    pushing.settle()
    assert apple.sent[0].payload["alert"]["subtitle"] == "Bob hat dich erwähnt:"


# checklist 250
def test_a_server_may_hide_what_messages_say(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    server = serve(fcm, redact=True)
    server.device(team.ann, "fcm", TOKEN)
    server.decide(team.ann, team.direct(team.bob, team.ann, text=SECRET))
    server.settle()
    assert fcm.sent[0].payload["content"] == "New message"
    assert SECRET not in str(fcm.sent)


def test_a_device_that_works_is_written_down_once_a_day(
    pushing: PushServer, team: Team, clock: MovableClock
) -> None:
    used = []
    for hours in (1, 22, 3, 4):
        pushing.pass_time(hours * 3600)
        pushing.decide(team.ann, team.direct(team.bob, team.ann))
        pushing.settle()
        used.append(last_used(pushing, team))
    now = int(clock.now())
    start = now - 30 * 3600
    assert used == [start, start, start + 26 * 3600, start + 26 * 3600]


def last_used(server: PushServer, team: Team) -> int:
    with team.store.read() as reader:
        return devices.of_user(reader, team.ann.id)[0].last_used


# -- not sent any more


def waits_for_the_road(serve: Serve, team: Team, road: FakeRoad) -> tuple[PushServer, int]:
    """A message that was decided on, and could not be sent yet."""
    road.outcomes = [later("it is full")]
    server = serve(road)
    server.device(team.ann, "fcm", TOKEN)
    message_id = team.direct(team.bob, team.ann)
    server.decide(team.ann, message_id)
    server.settle()
    assert len(road.sent) == 1
    return server, message_id


def test_what_is_read_meanwhile_is_taken_back_and_not_sent(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    server, message_id = waits_for_the_road(serve, team, fcm)
    team.read(team.ann, message_id)
    server.pass_time(LONG)
    assert [push.payload["event"] for push in fcm.sent[1:]] == ["remove"]
    assert not fcm.sent[1].urgent
    assert server.waiting() == []


def test_what_is_deleted_meanwhile_is_not_sent(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    server, message_id = waits_for_the_road(serve, team, fcm)
    team.store.write(
        lambda transaction: transaction.execute("DELETE FROM user_message WHERE message_id = ?", message_id)
    )
    server.pass_time(LONG)
    assert len(fcm.sent) == 1
    assert server.waiting() == []


def test_a_device_that_is_taken_away_meanwhile(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    server, _ = waits_for_the_road(serve, team, fcm)
    team.store.write(lambda transaction: devices.drop_of_user(transaction, team.ann.id))
    server.pass_time(LONG)
    assert len(fcm.sent) == 1
    assert server.waiting() == []


def test_what_is_older_than_a_day_is_no_news(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    server, _ = waits_for_the_road(serve, team, fcm)
    server.pass_time(25 * 3600)
    assert len(fcm.sent) == 1
    (dead,) = server.dead()
    assert dead.error is not None
    assert "older than a day" in dead.error


def test_nothing_is_tried_to_take_back_for_ever(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    """By a service that always has something else to do."""
    server, message_id = waits_for_the_road(serve, team, fcm)
    fcm.before = lambda pushes: fcm.outcomes.append(later("429", 3600.0, tried=False))
    team.read(team.ann, message_id)
    for _ in range(26):
        server.pass_time(3601)
    assert (server.waiting(), server.dead()) == ([], [])
    assert len(fcm.sent) < 30


# -- again


# checklist 133, 232, 259
def test_a_retry_is_effective_and_pushes_once(
    serve: Serve, team: Team, fcm: FakeRoad, clock: MovableClock
) -> None:
    server, message_id = waits_for_the_road(serve, team, fcm)
    assert server.is_pushed(team.ann, message_id)
    server.pass_time(LONG)
    assert len(fcm.sent) == 2
    server.pass_time(LONG)
    assert len(fcm.sent) == 2
    assert (server.count("fcm", "retried"), server.count("fcm", "sent")) == (1, 1)
    assert fcm.sent[0].tag == fcm.sent[1].tag != ""


def test_a_retry_of_one_road_or_device_repeats_no_other(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    web = FakeRoad("web", later("it is full"))
    server = serve(fcm, web)
    server.device(team.ann, "fcm", TOKEN)
    server.device(team.ann, "web", "https://push.test/1")
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    server.pass_time(LONG)
    assert (len(fcm.sent), len(web.sent)) == (1, 2)


@pytest.mark.parametrize(("wait", "waited"), [(3600.0, 3600.0), (10**9, LONGEST_WAIT), (-5.0, 0.0)])
def test_the_time_that_the_service_says_is_kept(
    serve: Serve, team: Team, fcm: FakeRoad, wait: float, waited: float
) -> None:
    fcm.outcomes = [later("429", wait)]
    server = serve(fcm)
    server.device(team.ann, "fcm", TOKEN)
    server.decide(team.ann, team.direct(team.bob, team.ann))
    if waited:
        server.settle()
        server.pass_time(waited - 1)
        assert len(fcm.sent) == 1
    server.settle()
    server.pass_time(2)
    assert len(fcm.sent) == 2


# checklist 233
def test_pauses_grow(pushing: PushServer, fcm: FakeRoad, team: Team, clock: MovableClock) -> None:
    fcm.outcomes = [later("503")] * 3
    times: list[float] = []
    fcm.before = lambda pushes: times.append(clock.now())
    pushing.decide(team.ann, team.direct(team.bob, team.ann))
    pushing.settle()
    for _ in range(200):
        pushing.pass_time(10)
    pauses = [after - before for before, after in pairwise(times)]
    assert len(pauses) == 3
    for pause, even in zip(pauses, (30, 180, 1080), strict=True):
        assert even * 0.5 <= pause <= even * 1.5 + 10


@pytest.mark.parametrize("kind", ["apns", "fcm", "web", "ntfy"])
def test_a_lone_push_outlasts_a_service_that_is_down_for_ten_minutes(
    serve: Serve, team: Team, kind: Kind, clock: MovableClock
) -> None:
    road, mended = FakeRoad(kind), clock.now() + 600
    road.before = lambda pushes: road.outcomes.append(later("503") if clock.now() < mended else sent())
    server = serve(road)
    server.device(team.ann, kind, TOKEN)
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    for _ in range(200):
        server.pass_time(10)
    assert (server.waiting(), server.dead()) == ([], [])
    assert server.count(kind, "sent") == 1
    assert server.count(kind, "retried") <= 3


# checklist 133, 235
def test_after_four_tries_it_is_a_dead_letter(
    pushing: PushServer, fcm: FakeRoad, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    fcm.outcomes = [later("it answers 503")] * 10
    pushing.decide(team.ann, team.direct(team.bob, team.ann, text=SECRET))
    for _ in range(6):
        pushing.pass_time(LONG)
    assert len(fcm.sent) == 4
    (dead,) = pushing.dead()
    assert (dead.queue, dead.failed_tries, dead.error) == ("push_fcm", 4, "it answers 503")
    warnings = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert f"user {team.ann.id}: no push by fcm: given up: it answers 503" in warnings


def test_in_a_batch_only_what_has_no_more_tries_is_given_up(
    serve: Serve, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(FakeRoad("apns", *[later("503")] * 2))
    device_id = server.device(team.ann, "apns", TOKEN)
    about = {"type": "remove", "user_profile_id": team.ann.id, "device_id": device_id, "message_ids": [1]}
    jobs = [team.enqueue("push_apns", {**about, "time": int(team.context.clock.now())}) for _ in range(2)]
    jobs[0].failed_tries = 3
    context = Context("push_apns", 4, Deadline(), team.context.clock, team.store)
    ends = PushApns(server.parts).push(jobs, context)
    assert [type(each) for each in ends] == [Retry, Retry]
    assert caplog.text.count("given up") == 1


def test_what_was_not_even_tried_costs_no_try(pushing: PushServer, fcm: FakeRoad, team: Team) -> None:
    fcm.outcomes = [later("left alone", 30.0, tried=False)] * 10
    pushing.decide(team.ann, team.direct(team.bob, team.ann))
    for _ in range(11):
        pushing.pass_time(31)
    assert len(fcm.sent) == 11
    assert (pushing.dead(), pushing.waiting()) == ([], [])


# -- never


def test_what_never_works_is_a_dead_letter_at_once(pushing: PushServer, fcm: FakeRoad, team: Team) -> None:
    fcm.outcomes = [failed("the project is unknown")]
    pushing.decide(team.ann, team.direct(team.bob, team.ann))
    pushing.settle()
    (dead,) = pushing.dead()
    assert dead.error == f"user {team.ann.id}: no push by fcm: the project is unknown"
    assert pushing.count("fcm", "failed") == 1
    assert error_of(team) == "the project is unknown"
    pushing.decide(team.ann, team.direct(team.bob, team.ann))
    pushing.settle()
    assert error_of(team) is None


def error_of(team: Team) -> str | None:
    with team.store.read() as reader:
        return devices.of_user(reader, team.ann.id)[0].error


def test_a_device_that_is_no_more_is_forgotten_by_all(pushing: PushServer, fcm: FakeRoad, team: Team) -> None:
    """Two people use the phone."""
    pushing.device(team.cyd, "fcm", TOKEN)
    pushing.device(team.ann, "fcm", "another")
    fcm.outcomes = [gone_of(TOKEN, team)]
    pushing.decide(team.ann, team.direct(team.bob, team.ann))
    pushing.settle()
    assert (pushing.tokens(team.ann), pushing.tokens(team.cyd)) == (["another"], [])
    assert (pushing.waiting(), pushing.dead()) == ([], [])
    assert pushing.count("fcm", "gone") == 1


def test_the_number_of_an_encrypted_device_is_of_its_person_alone(
    serve: Serve, team: Team, bouncer: FakeBouncer
) -> None:
    server = serve(bouncer)
    ids = [server.device(user, "e2ee", "2408") for user in (team.ann, team.cyd)]
    bouncer.outcomes = [sent(1, gone=(ids[0],))]
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    assert (server.tokens(team.ann), server.tokens(team.cyd)) == ([], ["2408"])


def gone_of(token: str, team: Team) -> Outcome:
    with team.store.read() as reader:
        device = devices.with_token(reader, team.ann.id, "fcm", token)
    assert device is not None
    return gone(device, "UNREGISTERED")


# checklist 252, 255, 256
def test_no_token_nor_text_is_in_the_log_or_in_errors(
    pushing: PushServer, fcm: FakeRoad, team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fcm.outcomes = [later("503"), failed("unknown"), gone_of(TOKEN, team)]
    for _ in range(3):
        pushing.decide(team.ann, team.direct(team.bob, team.ann, text=SECRET))
        pushing.settle()
    pushing.pass_time(LONG)
    errors = [each.error for each in pushing.dead()]
    files = [path.read_text() for path in team.store.folder.glob("queue_errors/*")]
    assert errors
    assert files
    assert TOKEN not in caplog.text + str(errors) + str(files)
    assert SECRET not in caplog.text + str(errors) + str(files)
    assert f"user {team.ann.id}: no push by fcm" in caplog.text


# -- odd jobs


def test_a_job_that_makes_no_sense_keeps_no_other_of_its_batch(serve: Serve, team: Team) -> None:
    road = FakeRoad("apns")
    server = serve(road, push_apns={"attempts": 1, "sleep_delay": 0.2})
    server.device(team.ann, "apns", TOKEN)
    server.enqueue("push_apns", {"type": "add", "user_profile_id": team.ann.id})
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    assert len(road.sent) == 1
    assert len(server.dead()) == 1


def test_jobs_of_a_road_that_is_configured_no_more_are_dropped(serve: Serve, team: Team) -> None:
    fcm = FakeRoad("fcm", later("503"))
    first, _ = waits_for_the_road(serve, team, fcm)
    first.stop()
    second = serve()
    second.pass_time(LONG)
    assert (second.waiting(), second.dead()) == ([], [])


def test_jobs_of_a_road_that_is_set_up_wrongly_wait(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    first, _ = waits_for_the_road(serve, team, fcm)
    first.stop()
    second = serve()
    second.parts.roads.mistakes["fcm"] = "the file is not there"
    for _ in range(6):
        second.pass_time(MENDING + 1)
    assert second.waiting() == ["push_fcm"]
    second.stop()
    third = serve(fcm)
    third.pass_time(MENDING + 1)
    assert len(fcm.sent) == 2


# checklist 257, 258, 259
def test_how_many_were_sent_and_tried_again_is_counted(
    pushing: PushServer, fcm: FakeRoad, team: Team
) -> None:
    fcm.outcomes = [sent(), later("503"), failed("unknown")]
    for _ in range(4):
        pushing.decide(team.ann, team.direct(team.bob, team.ann))
        pushing.settle()
    counts = {how: pushing.count("fcm", how) for how in ("sent", "retried", "failed", "gone")}
    assert counts == {"sent": 2, "retried": 1, "failed": 1, "gone": 0}
    until(partial(pushing.has_done, DECIDED, 4))
    assert "appliance_pushes_total" in pushing.metrics.text()


# -- shards


# checklist 127, 231
def test_the_decision_may_take_as_long_as_it_likes() -> None:
    assert queues()[DECIDED].policy.timeout is None


# checklist 261, 263: in the server, split, or in a process of its own that a supervisor starts
def test_each_way_to_start_it_is_described() -> None:
    rules = policy_rules(f"{DECIDED} shards=3")
    assert policies(rules)[DECIDED].shards == 3
    text = " ".join((Path(__file__).parents[2] / "docs/workers.md").read_text().split())
    assert f'`policies = ["{DECIDED} shards=3"]`' in text
    assert f'`elsewhere = ["{DECIDED}"]`' in text
    assert f"`appliance work --queue {DECIDED}`" in text
    assert "supervisor" in text


# checklist 128, 229, 230, 248, 260, 261
def test_each_person_has_a_shard_and_nobody_is_pushed_twice(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    server = serve(fcm, missedmessage_mobile_notifications={"shards": 3})
    server.start()
    for user in (team.ann, team.bob, team.cyd):
        server.device(user, "fcm", f"token of {user.id}")
    for _ in range(5):
        message_id = team.post(team.bob, "hello")
        for user in (team.ann, team.cyd):
            for _ in range(2):
                server.decide(user, message_id)
    server.settle()
    for number in (team.ann.id % 3 + 1, team.cyd.id % 3 + 1):
        until(partial(server.has_done, f"{DECIDED}_shard{number}", 10))
    assert len(fcm.sent) == 2 * 5
    assert len({(push.devices[0].user_id, push.tag) for push in fcm.sent}) == 2 * 5


# checklist 128, 230
def test_the_shard_of_a_job(serve: Serve, team: Team, fcm: FakeRoad) -> None:
    team.store.committer.queue_shards = {DECIDED: 3}
    serve(fcm).decide(team.ann, 1)
    (job,) = team.waiting(f"{DECIDED}_shard{team.ann.id % 3 + 1}")
    assert job.event()["user_profile_id"] == team.ann.id


def test_a_job_of_nobody_goes_to_the_first_shard(team: Team) -> None:
    team.store.committer.queue_shards = {"email_senders": 3}
    team.store.write(lambda transaction: transaction.job("email_senders", {"to_emails": ["ann@example.org"]}))
    assert len(team.waiting("email_senders_shard1")) == 1


# -- by the bouncer


@pytest.fixture
def bouncer() -> FakeBouncer:
    return FakeBouncer()


# checklist 240
def test_a_device_gets_pushes_once_the_bouncer_knows_it(
    serve: Serve, team: Team, bouncer: FakeBouncer
) -> None:
    server = serve(bouncer)
    server.device(team.ann, "fcm", TOKEN)
    server.settle()
    assert bouncer.told == [("register", TOKEN)]
    server.device(team.ann, "e2ee", "2408")
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    assert sorted(push.devices[0].token for push in bouncer.sent) == ["2408", TOKEN]


def test_it_is_told_of_a_device_until_it_has_heard(serve: Serve, team: Team, bouncer: FakeBouncer) -> None:
    bouncer.outcomes = [later("503")]
    server = serve(bouncer)
    server.device(team.ann, "fcm", TOKEN)
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    assert bouncer.sent == []
    server.pass_time(LONG)
    assert bouncer.told == [("register", TOKEN)] * 2


def test_a_device_that_leaves_gets_nothing_and_goes_when_the_bouncer_knows(
    serve: Serve, team: Team, bouncer: FakeBouncer
) -> None:
    server = serve(bouncer)
    server.device(team.ann, "fcm", TOKEN)
    server.settle()
    bouncer.outcomes = [later("503")]
    device_actions.unregister(team.store, team.ann, "fcm", TOKEN)
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    assert bouncer.sent == []
    server.pass_time(LONG)
    assert bouncer.told[1:] == [("unregister", TOKEN)] * 2
    with team.store.read() as reader:
        assert reader.value("SELECT count(*) FROM device") == 0


def test_without_a_bouncer_a_device_leaves_just_so(pushing: PushServer, team: Team) -> None:
    device_actions.unregister(team.store, team.ann, "fcm", TOKEN)
    pushing.settle()
    with team.store.read() as reader:
        assert reader.value("SELECT count(*) FROM device") == 0


# checklist 241
def test_taking_back_by_the_bouncer(serve: Serve, team: Team, bouncer: FakeBouncer) -> None:
    server = serve(bouncer)
    server.device(team.ann, "fcm", TOKEN)
    server.settle()
    message_id = team.direct(team.bob, team.ann)
    server.decide(team.ann, message_id)
    server.settle()
    flag_actions.update(team.store, team.ann, [message_id], "add", "read")
    server.settle()
    assert [push.payload["gcm_payload"]["event"] for push in bouncer.sent] == ["message", "remove"]


def test_devices_that_the_bouncer_does_not_know_are_forgotten(
    serve: Serve, team: Team, bouncer: FakeBouncer
) -> None:
    server = serve(bouncer)
    ids = [server.device(team.ann, "fcm", token) for token in ("a", "b")]
    server.settle()
    bouncer.outcomes = [sent(1, gone=(ids[0],))]
    server.decide(team.ann, team.direct(team.bob, team.ann))
    server.settle()
    assert server.tokens(team.ann) == ["b"]
    assert server.count("bouncer", "sent") == 1


# checklist 129: what is said at start
def test_what_is_missing_or_wrong_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    Roads({}, {"apns": "the key is not there"}).report()
    assert [each.levelname for each in caplog.records] == ["ERROR", "WARNING"]
    assert "no pushes by apns: the key is not there" in caplog.text
