"""What a service's answer, or its silence, means for a push."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from appliance.base.hosts import host_rule
from appliance.model.device import Device
from appliance.outside.breaker import COOL_DOWN, FAILURES, Breakers
from appliance.outside.delivery import LONGEST_WAIT, PAUSE, Delivery
from appliance.outside.guard import Guard
from appliance.outside.lookup import LookUps
from appliance.outside.road import Outcome, gone, sent
from tests.conftest import MovableClock
from tests.outside.post_sink import PostSink, Reply

SECRET = "a-topic-that-nobody-knows"

Post = Callable[..., Outcome]


@pytest.fixture
def sink() -> Iterator[PostSink]:
    with PostSink() as sink:
        yield sink


@pytest.fixture
def delivery(sink: PostSink, breakers: Breakers, clock: MovableClock) -> Iterator[Delivery]:
    looked_up = LookUps(lambda host, port: ["10.0.0.5"])
    opened = [host_rule(sink.server), host_rule("127.0.0.1:1")]
    delivery = Delivery(Guard(opened, looked_up), breakers, clock.now)
    yield delivery
    delivery.close()


def device(url: str) -> Device:
    return Device(7, 1, "ntfy", url, {"form": "ntfy"}, 0, 0)


@pytest.fixture
def post(sink: PostSink, delivery: Delivery) -> Post:
    def post(url: str = "", left: float = 10.0) -> Outcome:
        whole = url or f"{sink.url}/{SECRET}"
        return delivery.post(device(whole), delivery.check(whole), b"hello", {"TTL": "60"}, lambda: left)

    return post


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_taken(sink: PostSink, post: Post, status: int) -> None:
    sink.reply = Reply(status)
    assert post() == sent()
    assert (sink.posted[0].path, sink.posted[0].body) == (f"/{SECRET}", b"hello")
    assert sink.posted[0].headers["ttl"] == "60"


@pytest.mark.parametrize("status", [404, 410])
def test_gone(sink: PostSink, post: Post, status: int) -> None:
    sink.reply = Reply(status)
    assert post() == gone(device(""), f"{sink.server} answered {status}")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (301, "leads elsewhere"), (302, "leads elsewhere"),
        (307, "leads elsewhere"), (308, "leads elsewhere"),
        (400, "understand"), (401, "who we are"), (403, "another key"), (405, "does not take"),
        (413, "too large"), (415, "does not take"), (451, "does not take"),
    ],
)  # fmt: skip
def test_failed(sink: PostSink, post: Post, status: int, reason: str) -> None:
    sink.reply = Reply(status, {"Location": "http://127.0.0.1:1/"})
    outcome = post()
    assert outcome.kind == "failed"
    assert reason in outcome.reason


HTTP_DATE = "Tue, 14 Nov 2023 22:15:00 GMT"  # 100 s after the clock's beginning


@pytest.mark.parametrize(
    ("status", "said", "wait", "tried"),
    [
        (429, "120", 120.0, False),
        (429, HTTP_DATE, 100.0, False),
        (429, "", PAUSE, False),
        (429, "soon", PAUSE, False),
        (429, "0", 1.0, False),
        (429, "99999999", LONGEST_WAIT, False),
        (503, "120", 120.0, True),
        (503, "", None, True),
        (500, "", None, True),
        (502, "", None, True),
        (504, "7", 7.0, True),
        (507, "", None, True),
        (408, "", None, True),
    ],
)
def test_later(sink: PostSink, post: Post, status: int, said: str, wait: float | None, tried: bool) -> None:
    sink.reply = Reply(status, {"Retry-After": said} if said else {})
    outcome = post()
    assert (outcome.kind, outcome.wait, outcome.tried) == ("later", wait, tried)
    assert str(status) in outcome.reason


def test_a_service_that_wants_fewer_pushes_for_an_hour_costs_no_try(
    sink: PostSink, post: Post, clock: MovableClock, breakers: Breakers
) -> None:
    sink.reply = Reply(429, {"Retry-After": "300"})
    for _ in range(12):
        outcome = post()
        assert (outcome.kind, outcome.tried, outcome.wait) == ("later", False, 300.0)
        clock.advance(300)
    assert breakers.states() == {sink.server: "closed"}
    sink.reply = Reply(201)
    assert post() == sent()


@pytest.mark.parametrize("how", ["closes", "garbles", "hangs", "drips"])
def test_no_answer_is_later_and_takes_bounded_time(sink: PostSink, post: Post, how: str) -> None:
    sink.reply = Reply(how=how)  # type: ignore[arg-type]
    began = time.monotonic()
    outcome = post(left=0.5)
    assert (outcome.kind, outcome.tried) == ("later", True)
    assert time.monotonic() - began < 5
    sink.reply = Reply()
    assert post() == sent()


def test_nobody_listens(post: Post) -> None:
    outcome = post("http://127.0.0.1:1/x")
    assert (outcome.kind, outcome.reason) == ("later", "127.0.0.1:1 does not work: connection refused")


def test_one_that_hangs_keeps_nobody_else_waiting(sink: PostSink, post: Post) -> None:
    sink.replies = [Reply(how="hangs")] * 3
    hanging = [threading.Thread(target=post) for _ in range(3)]
    for each in hanging:
        each.start()
    while len(sink.posted) < 3:
        time.sleep(0.001)
    began = time.monotonic()
    assert post() == sent()
    assert time.monotonic() - began < 5
    sink.ended.set()
    for each in hanging:
        each.join(20)


def test_without_time_nothing_is_tried(sink: PostSink, post: Post) -> None:
    outcome = post(left=0.0)
    assert (outcome.kind, outcome.tried, sink.posted) == ("later", False, [])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_host_that_fails_again_and_again_is_left_alone(
    sink: PostSink, post: Post, breakers: Breakers, clock: MovableClock, status: int
) -> None:
    sink.reply = Reply(status)
    for _ in range(FAILURES):
        assert post().tried
    outcome = post()
    assert (outcome.kind, outcome.tried, outcome.wait) == ("later", False, COOL_DOWN)
    assert (len(sink.posted), breakers.states()) == (FAILURES, {sink.server: "open"})
    clock.advance(COOL_DOWN)
    sink.reply = Reply()
    assert post() == sent()


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413, 429, 507, 308])
def test_one_push_that_is_not_taken_is_no_failing_host(
    sink: PostSink, post: Post, breakers: Breakers, status: int
) -> None:
    sink.reply = Reply(status)
    for _ in range(FAILURES + 1):
        post()
    assert breakers.states() == {sink.server: "closed"}


def test_a_name_that_leads_into_a_private_network(post: Post) -> None:
    outcome = post("http://harmless.example.org/x")
    assert (outcome.kind, "private network" in outcome.reason) == ("failed", True)


@pytest.mark.parametrize(
    "reply",
    [Reply(403), Reply(404), Reply(429), Reply(503), Reply(307), Reply(how="closes"), Reply(how="garbles")],
)
def test_the_address_is_told_to_nobody(
    sink: PostSink, post: Post, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    sink.reply = reply
    assert SECRET not in post().reason
    assert not [record for record in caplog.records if SECRET in record.getMessage()]


def test_a_connection_is_kept(sink: PostSink, post: Post) -> None:
    for _ in range(5):
        post()
    assert (len(sink.posted), sink.connections) == (5, 1)
