"""Long polls over real sockets: how they are answered, how they end, and that nothing of them stays."""

import gc
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import bottle
import pytest

from appliance.http.lot import FEW, State, Ticket, resume_all
from appliance.http.parking import ParkingTask
from appliance.http.server import Channel, Server
from tests.conftest import until
from tests.http.conftest import Client, Polls, Running, Serve

MIB = 1 << 20


@pytest.fixture(params=[False, True], ids=["on a thread", "on the loop"])
def running(request: pytest.FixtureRequest, serve: Serve, polls: Polls) -> Running:
    return serve(polls, quick=lambda asked: request.param and is_quick(asked))


def is_quick(request: Any) -> bool:
    return request.path == "/events" and "then=dawdle" not in request.query


@pytest.fixture
def client(running: Running) -> Client:
    return running.client()


# Answers


def test_one_connection_polls_again_and_again(client: Client, polls: Polls) -> None:
    for event in (b"one", b"two", b"three"):
        client.send("GET /events?q=a")
        assert polls.ticket("a").resume(event)
        assert client.read().body == event


def test_the_answer_has_the_headers_that_the_handler_set(client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a")
    polls.ticket("a").resume(b"event")
    status, headers, _ = client.read()
    assert status == 200
    assert headers.pop("Date")
    assert headers == {
        "Content-Length": "5",
        "Content-Type": "application/json",
        "Server": "appliance",
        "X-Frame-Options": "DENY",
    }


def test_a_parked_request_counts(running: Running, client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a")
    ticket = polls.ticket("a")
    assert running.server.parked == 1
    ticket.resume(b"")
    assert running.server.parked == 0


def test_a_second_answer_is_refused(client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a")
    ticket = polls.ticket("a")
    assert ticket.resume(b"first")
    assert not ticket.resume(b"second")
    assert client.read().body == b"first"


def test_pipelined_requests_are_answered_in_order(client: Client, polls: Polls) -> None:
    client.send("GET /ping", "GET /events?q=a", "GET /ping", "GET /ping")
    assert client.read().body == b"pong"
    polls.ticket("a").resume(b"event")
    assert [client.read().body for _ in range(3)] == [b"event", b"pong", b"pong"]


def test_pipelined_polls_wait_one_after_the_other(client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a", "GET /events?q=b")
    first = polls.ticket("a")
    assert "b" not in polls.tickets
    first.resume(b"one")
    polls.ticket("b").resume(b"two")
    assert [client.read().body, client.read().body] == [b"one", b"two"]


def test_http_1_0_is_answered_and_closed(client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a", version="1.0")
    polls.ticket("a").resume(b"event")
    answer = client.read()
    assert (answer.body, answer.headers["Connection"]) == (b"event", "close")
    assert client.at_end()


def test_http_1_0_may_keep_the_connection(client: Client, polls: Polls) -> None:
    for event in (b"one", b"two"):
        client.send("GET /events?q=a", version="1.0", headers="Connection: keep-alive\r\n")
        polls.ticket("a").resume(event)
        answer = client.read()
        assert (answer.body, answer.headers["Connection"]) == (event, "Keep-Alive")


def test_connection_close_is_honoured(client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a", headers="Connection: close\r\n")
    polls.ticket("a").resume(b"event")
    assert client.read().body == b"event"
    assert client.at_end()


def test_head_is_told_the_length_alone(client: Client, polls: Polls) -> None:
    client.send("HEAD /events?q=a")
    polls.ticket("a").resume(b"12345")
    assert client.read(body=False).headers["Content-Length"] == "5"
    assert client.get("/ping").body == b"pong"


def test_a_204_has_no_body(client: Client, polls: Polls) -> None:
    def no_content(ticket: Ticket) -> bytes:
        bottle.response.status = 204
        return b""

    polls.afterwards["204"] = no_content
    client.send("GET /events?q=a&then=204")
    polls.ticket("a").resume(b"12345")
    answer = client.read()
    assert answer.status == 204
    assert "Content-Length" not in answer.headers
    assert client.get("/ping").body == b"pong"


def test_a_post_can_wait_too(client: Client, polls: Polls) -> None:
    client.send("POST /events?q=a", body=b"q=b")
    polls.ticket("a").resume(b"event")
    assert client.read().body == b"event"


def test_a_handler_may_resume_what_it_just_parked(client: Client, polls: Polls) -> None:
    polls.afterwards["resume"] = lambda ticket: b"" if ticket.resume(b"early") else b"refused"
    assert client.get("/events?q=a&then=resume").body == b"early"


def test_a_handler_may_resume_others(running: Running, client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a")
    waiting = polls.ticket("a")
    polls.afterwards["publish"] = lambda _: b"published" if waiting.resume(b"event") else b"refused"
    assert running.client().get("/events?q=b&then=publish").body == b"published"
    assert client.read().body == b"event"
    assert client.get("/ping").body == b"pong"


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 50])
def test_resume_all_gives_each_its_own(running: Running, polls: Polls, count: int) -> None:
    clients = [running.client() for _ in range(count)]
    for number, client in enumerate(clients):
        client.send(f"GET /events?q={number}")
    answers = [(polls.ticket(str(number)), b"event %d" % number) for number in range(count)]
    assert resume_all(answers) == count
    assert [client.read().body for client in clients] == [body for _, body in answers]
    assert resume_all(answers) == 0


def test_resume_all_of_nobody() -> None:
    assert resume_all([]) == 0


# Timeouts


def test_a_timeout_is_kept_to_the_second(client: Client, polls: Polls) -> None:
    started = time.monotonic()
    answer = client.get("/events?q=a&timeout=1")
    assert answer.body == b"idle"
    assert 1.0 <= time.monotonic() - started < 3.0
    assert polls.ends == [("timeout", "a")]
    assert not polls.tickets["a"].resume(b"late")


def test_a_shorter_poll_wakes_a_loop_that_sleeps(running: Running, client: Client, polls: Polls) -> None:
    client.send("GET /events?q=long&timeout=3000")
    polls.ticket("long")
    assert running.client().get("/events?q=short&timeout=0").body == b"idle"
    assert running.server.parked == 1


def test_an_answered_poll_does_not_time_out(client: Client, polls: Polls) -> None:  # checklist 199
    client.send("GET /events?q=a&timeout=0")
    polls.ticket("a").resume(b"event")
    assert client.read().body == b"event"
    assert client.get("/events?q=b&timeout=1").body == b"idle"
    assert polls.ends == [("timeout", "b")]


def test_a_failing_on_timeout_is_a_500(
    client: Client, polls: Polls, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(polls, "_idle", Mock(side_effect=ZeroDivisionError))
    answer = client.get("/events?q=a&timeout=0")
    assert answer.status == 500
    assert b"Internal server error" in answer.body
    assert "on_timeout of a parked request failed" in caplog.text
    caplog.clear()


def test_waiting_costs_the_loop_nothing(running: Running, client: Client, polls: Polls) -> None:
    def wake_ups() -> str:
        status = Path(f"/proc/self/task/{running.thread.native_id}/status").read_text()
        return status.partition("\nvoluntary_ctxt_switches:")[2].split()[0]

    def sleeps_well() -> bool:
        before = wake_ups()
        time.sleep(1.5)
        return wake_ups() == before

    client.send("GET /events?q=a")
    polls.ticket("a")
    until(sleeps_well)


# Ends without an answer


@pytest.mark.parametrize("leave", [Client.close, Client.reset, Client.half_close])
# checklist 200
def test_a_client_that_leaves_is_noticed(
    running: Running, client: Client, polls: Polls, leave: Callable[[Client], None]
) -> None:
    client.send("GET /events?q=a")
    ticket = polls.ticket("a")
    leave(client)
    until(lambda: polls.ends == [("gone", "a")])
    until(lambda: running.connections() == 0)
    assert running.server.parked == 0
    assert not ticket.resume(b"late")


def test_a_client_that_leaves_before_it_is_parked_is_noticed(
    running: Running, client: Client, polls: Polls
) -> None:
    client.send("GET /events?q=a&then=dawdle")
    until(lambda: "a" in polls.tickets)
    client.close()
    until(lambda: running.connections() == 0)
    polls.go_on.set()
    until(lambda: polls.ends == [("gone", "a")])
    assert running.server.parked == 0


def test_a_client_that_leaves_with_requests_queued_is_noticed_at_the_timeout(
    running: Running, client: Client, polls: Polls
) -> None:
    client.send("GET /events?q=a&timeout=0", "GET /ping", "GET /ping")
    client.close()
    until(lambda: polls.ends)
    until(lambda: running.connections() == 0)


def test_a_body_of_the_handler_wins(client: Client, polls: Polls) -> None:
    polls.afterwards["answer"] = lambda ticket: b"own body"
    assert client.get("/events?q=a&then=answer").body == b"own body"
    assert polls.ends == [("gone", "a")]
    assert not polls.tickets["a"].resume(b"late")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_handler_that_fails_gives_up_its_ticket(
    client: Client, polls: Polls, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    polls.afterwards["fail"] = Mock(side_effect=ZeroDivisionError)
    client.send(f"{method} /events?q=a&then=fail")
    assert client.read(body=method == "GET").status == 500
    assert polls.ends == [("gone", "a")]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_an_app_that_fails_gives_up_its_ticket(
    serve: Serve, polls: Polls, caplog: pytest.LogCaptureFixture
) -> None:
    polls.catchall = False
    polls.afterwards["fail"] = Mock(side_effect=ZeroDivisionError)
    answer = serve(polls).client().get("/events?q=a&then=fail")
    assert answer.status == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert polls.ends == [("gone", "a")]
    assert "Exception while serving /events" in caplog.text
    caplog.clear()


def test_parking_again_gives_up_the_ticket_before(client: Client, polls: Polls) -> None:
    def park_again(ticket: Ticket) -> bytes:
        polls.tickets["b"] = bottle.request.environ["appliance.park"](30, lambda: b"", lambda: None)
        return b""

    polls.afterwards["again"] = park_again
    client.send("GET /events?q=a&then=again")
    polls.ticket("b").resume(b"event")
    assert client.read().body == b"event"
    assert polls.ends == [("gone", "a")]


def test_a_failing_on_gone_harms_nobody(
    running: Running, client: Client, polls: Polls, caplog: pytest.LogCaptureFixture
) -> None:
    client.send("GET /events?q=a")
    polls.ticket("a").on_gone = Mock(side_effect=ZeroDivisionError)
    client.close()
    until(lambda: "on_gone of a parked request failed" in caplog.text)
    assert running.client().get("/ping").body == b"pong"
    caplog.clear()


# Slow and silent clients


def test_a_poll_behind_an_unread_answer(running: Running, polls: Polls) -> None:
    slow = running.client(receive_buffer=4096)
    slow.send(f"GET /zeros?n={20 * MIB}", "GET /events?q=a", "GET /ping")
    until(running.unread)
    assert running.client().get("/ping").body == b"pong"
    assert len(slow.read().body) == 20 * MIB
    polls.ticket("a").resume(b"event")
    assert [slow.read().body, slow.read().body] == [b"event", b"pong"]


def test_who_has_not_read_an_answer_gets_no_further_one(running: Running, polls: Polls) -> None:
    slow = running.client(receive_buffer=4096)
    slow.send("GET /events?q=a", "GET /events?q=b", "GET /ping")
    polls.ticket("a").resume(bytes(20 * MIB))
    until(running.unread)
    assert running.client().get("/ping").body == b"pong"
    assert "b" not in polls.tickets
    assert len(slow.read().body) == 20 * MIB
    polls.ticket("b").resume(bytes(20 * MIB))
    assert [len(slow.read().body) for _ in range(2)] == [20 * MIB, len(b"pong")]


def test_those_who_never_read_take_no_threads(serve: Serve, polls: Polls) -> None:
    """Far more of them than there are threads, each with more to come."""
    running = serve(polls, threads=2)
    for _ in range(20):
        stalled = running.client(receive_buffer=4096)
        stalled.send(*[f"GET /zeros?n={4 * MIB}"] * 20)
    until(running.unread)
    assert running.client().get("/ping").body == b"pong"
    until(lambda: all(channel.stalled for channel in channels_with_requests(running)))
    held = sum(channel.total_outbufs_len for channel in channels_with_requests(running))
    assert held <= 20 * 4 * MIB + MIB


def channels_with_requests(running: Running) -> list[Channel]:
    return [channel for channel in list(running.server.active_channels.values()) if channel.requests]


def test_idle_connections_are_closed_and_parked_ones_stay(serve: Serve, polls: Polls) -> None:
    running = serve(polls, {"channel_timeout": 1, "cleanup_interval": 1})
    parked, idle = running.client(), running.client()
    parked.send("GET /events?q=a")
    ticket = polls.ticket("a")
    assert idle.get("/ping").body == b"pong"
    assert idle.at_end()
    assert ticket.resume(b"event")
    assert parked.read().body == b"event"
    assert parked.at_end()


def test_a_client_that_never_reads_is_closed(serve: Serve, polls: Polls) -> None:
    running = serve(polls, {"channel_timeout": 1, "cleanup_interval": 1}, threads=1)
    stalled = running.client(receive_buffer=4096)
    stalled.send(f"GET /zeros?n={20 * MIB}", "GET /ping")
    until(running.unread)
    assert running.client().get("/ping").body == b"pong"  # by the one thread: it does not wait
    until(lambda: running.connections() <= 1)


# Stopping


def test_stop_answers_all_and_lets_the_running_finish(running: Running, polls: Polls) -> None:
    waiting, idle, busy = [running.client() for _ in range(20)], running.client(), running.client()
    for number, client in enumerate(waiting):
        client.send(f"GET /events?q={number}")
        polls.ticket(str(number))
    assert idle.get("/ping").body == b"pong"
    busy.send("GET /wait")
    until(lambda: running.requests() == 21)
    running.server.stop()
    for client in waiting:
        answer = client.read()
        assert (answer.body, answer.headers["Connection"]) == (b"idle", "close")
        assert client.at_end()
    assert idle.at_end()
    assert running.thread.is_alive()
    polls.go_on.set()
    answer = busy.read()
    assert (answer.body, answer.headers["Connection"]) == (b"went on", "close")
    running.thread.join(5)
    assert not running.thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        running.client()


def test_who_parks_while_it_stops_is_answered(running: Running, client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a&then=dawdle")
    until(lambda: "a" in polls.tickets)
    running.server.stop()
    until(lambda: running.server.lot.stopping)
    polls.go_on.set()
    answer = client.read()
    assert (answer.body, answer.headers["Connection"]) == (b"idle", "close")


def test_stop_waits_no_longer_than_its_grace(running: Running, client: Client, polls: Polls) -> None:
    client.send("GET /wait")
    until(running.requests)
    started = time.monotonic()
    running.server.stop(grace=0.2)
    running.thread.join(5)
    assert time.monotonic() - started < 3
    assert client.at_end()
    polls.go_on.set()


def test_late_calls_after_the_end_do_nothing(running: Running, client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a")
    ticket = polls.ticket("a")
    running.server.stop()
    running.thread.join(5)
    running.server.stop()
    assert not ticket.resume(b"late")


def test_stop_before_run(polls: Polls) -> None:
    server = Server(polls, "127.0.0.1", 0, max_body=1)
    server.stop()
    server.run()
    with pytest.raises(ConnectionRefusedError):
        Client(server.port)


# What stays


def alive(kind: type) -> list[object]:
    return [thing for thing in gc.get_objects() if isinstance(thing, kind)]


def test_a_parked_request_keeps_neither_environ_nor_headers(client: Client, polls: Polls) -> None:
    client.send("GET /events?q=a", headers="User-Agent: test\r\nConnection: close\r\n")
    task = polls.ticket("a").task
    assert task.environ is None
    assert task.request.headers == {"CONNECTION": "close"}


@pytest.mark.parametrize("end", ["answer", "timeout", "leave"])
def test_an_ended_poll_is_freed_without_the_garbage_collector(
    running: Running, client: Client, polls: Polls, end: str
) -> None:
    gc.collect()
    gc.disable()
    try:
        client.send(f"GET /events?q=a&timeout={0 if end == 'timeout' else 30}")
        until(lambda: "a" in polls.tickets)
        if end == "answer":
            polls.ticket("a").resume(b"event")
        if end != "leave":
            assert client.read().body
        client.close()
        until(lambda: running.connections() == 0)
        polls.tickets.clear()
        until(lambda: not alive(Ticket))
    finally:
        gc.enable()


# checklist 202, 211
def test_a_thousand_polls_leave_nothing_behind(running: Running, client: Client, polls: Polls) -> None:
    for _ in range(1000):
        client.send("GET /events?q=a")
        polls.ticket("a").resume(b"event")
        assert client.read().body == b"event"
    assert running.server.parked == 0
    polls.tickets.clear()
    until(lambda: not running.requests())
    gc.collect()
    assert not alive(Ticket)
    assert (
        len(alive(ParkingTask)) <= 8 + 1
    )  # in the last environ of each thread and of the loop: bottle keeps it


class Storm:
    """Clients and a publisher that do everything at once for two seconds."""

    def __init__(self, running: Running, polls: Polls) -> None:
        self.running, self.polls = running, polls
        self.ends_at = time.monotonic() + 2.0
        self.wrong: list[object] = []
        self.counts = Counter[str]()
        self._lock = threading.Lock()
        polls.afterwards["storm"] = self._parked

    def run(self) -> None:
        clients = [threading.Thread(target=self._poll, args=(random.Random(seed),)) for seed in range(30)]
        threads = [*clients, threading.Thread(target=self._publish, args=(random.Random(99),))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _goes_on(self) -> bool:
        return time.monotonic() < self.ends_at

    def _count(self, what: str, number: int = 1) -> None:
        with self._lock:
            self.counts[what] += number

    def _parked(self, ticket: Ticket) -> bytes:
        self._count("parked")
        if ticket.due % 2 and ticket.resume(b"early"):
            self._count("resumed")
        return b""

    def _poll(self, dice: random.Random) -> None:
        while self._goes_on():
            client = Client(self.running.server.port)
            while self._goes_on() and dice.random() > 0.1 and self._one_poll(client, dice):
                pass
            client.close()

    def _one_poll(self, client: Client, dice: random.Random) -> bool:
        """False: the client left in the middle."""
        pipelined = ["GET /ping"] if dice.random() < 0.2 else []
        q, timeout = dice.randrange(60), dice.choice([0, 0, 1, 2])
        client.send(f"GET /events?q={q}&timeout={timeout}&then=storm", *pipelined)
        if dice.random() < 0.1:
            return False
        bodies = [client.read().body for _ in ("", *pipelined)]
        if bodies[0] not in (b"idle", b"early", b"event") or bodies[1:] not in ([], [b"pong"]):
            self.wrong.append(bodies)
        return True

    def _publish(self, dice: random.Random) -> None:
        while self._goes_on():
            tickets = list(self.polls.tickets.values())
            some = dice.sample(tickets, min(len(tickets), dice.choice([1, 1, 2, 40])))
            self._count("resumed", resume_all((ticket, b"event") for ticket in some))
            time.sleep(0.001)


def test_a_storm_leaves_nothing_behind(running: Running, polls: Polls) -> None:
    storm = Storm(running, polls)
    storm.run()
    until(lambda: running.connections() == 0)
    until(lambda: running.server.parked == 0)
    assert storm.wrong == []
    assert storm.counts["parked"] > 500
    assert storm.counts["parked"] == storm.counts["resumed"] + len(polls.ends)
    assert {ticket.state for ticket in polls.tickets.values()} == {State.DONE}
    polls.tickets.clear()
    gc.collect()
    assert not alive(Ticket)
    assert (
        len(alive(ParkingTask)) <= 8 + 1
    )  # in the last environ of each thread and of the loop: bottle keeps it
