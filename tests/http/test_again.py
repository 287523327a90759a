"""Polls that repeat the one before: served without being parsed, and as if they had been."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from appliance.http.again import Again
from tests.http.conftest import Client, send_poll
from tests.process.client import Person

POLL = b"GET /api/v1/events?queue_id=a&last_event_id=%b HTTP/1.1\r\nHost: zulip\r\n\r\n"


def again(data: bytes, connection: str = "", body: Any = None) -> Again:
    headers = {"CONNECTION": connection}
    return Again(data, SimpleNamespace(headers=headers, body_rcv=body, path="", query=""), Any)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (POLL % b"0", 0),
        (POLL % b"12345", 12345),
        (POLL % b"-1", None),
        (POLL % b"", None),
        (POLL % b"1 ", None),
        (POLL % b"1&dont_block=true", None),
        (POLL % b"\xb2", None),
        (POLL % (b"9" * 19), None),
        (POLL % b"1" + POLL % b"2", None),
        ((POLL % b"1").replace(b"zulip", b"other"), None),
        ((POLL % b"1")[:-1], None),
        (b"", None),
    ],
)
def test_only_another_number_repeats_a_request(data: bytes, number: int | None) -> None:
    repeated = again(POLL % b"-1").repeated(data)
    assert (repeated and repeated.last_event_id) == number


@pytest.mark.parametrize(
    "data",
    [
        POLL % b"1" + POLL % b"2",
        POLL % b"1" + b"x",
        (POLL % b"1")[:-1],
        POLL % b"one",
        POLL % b"1&last_event_id=2",
        (POLL % b"1").replace(b"GET", b"POST"),
        (POLL % b"1").replace(b"1.1", b"1.0"),
    ],
)
def test_what_is_not_just_a_poll_does_not_come_again(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (it has no text)
        again(data)


def test_neither_does_one_that_ends_its_connection_or_has_a_body() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (it has no text)
        again(POLL % b"1", connection="Close")
    with pytest.raises(ValueError):  # noqa: PT011 (it has no text)
        again(POLL % b"1", body=object())


# In the whole program


def test_polls_that_repeat_get_event_after_event(client: Client, hamlet: Person, cordelia: Person) -> None:
    queue_id = hamlet.register(event_types=["message"]).queue_id
    for number in range(4):
        send_poll(client, hamlet, queue_id, number - 1)
        cordelia.send(hamlet, f"number {number}")
        status, headers, body = client.read()
        events = json.loads(body)["events"]
        assert (status, headers["Content-Type"]) == (200, "application/json")
        got = [(event["id"], event["message"]["content"]) for event in events]
        assert got == [(number, f"number {number}")]


def test_what_a_repeated_poll_is_refused_for_is_told_as_ever(client: Client, hamlet: Person) -> None:
    queue_id = hamlet.register(event_types=["message"]).queue_id
    hamlet.send(hamlet, "one")
    send_poll(client, hamlet, queue_id)
    client.read()
    send_poll(client, hamlet, queue_id, 5)
    status, _, body = client.read()
    assert (status, json.loads(body)["msg"]) == (400, "Event 5 was not in this queue")
    hamlet.ask("DELETE", "/events", queue_id=queue_id)
    send_poll(client, hamlet, queue_id, 0)
    status, _, body = client.read()
    assert (status, json.loads(body)["code"]) == (400, "BAD_EVENT_QUEUE_ID")
    assert client.get("/api/v1/server_settings").status == 200
