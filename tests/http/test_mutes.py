"""Topics and people that one mutes or follows, through the API."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.process.client import Person

LUNCH = {"topic": "about mutes"}
ADD: dict[str, Any] = {**LUNCH, "op": "add"}
REMOVE: dict[str, Any] = {**LUNCH, "op": "remove"}


@pytest.fixture(scope="module")
def general(hamlet: Person) -> int:
    found: int = hamlet.ask("GET", "/get_stream_id", stream="general")["stream_id"]
    return found


@pytest.fixture(autouse=True)
def _nothing_is_left_muted(hamlet: Person, cordelia: Person, general: int) -> Iterator[None]:
    yield
    hamlet.call("POST", "/user_topics", stream_id=general, visibility_policy=0, **LUNCH)
    hamlet.call("DELETE", f"/users/me/muted_users/{cordelia.user_id}")


def topics(person: Person) -> list[tuple[str, int]]:
    rows = person.ask("POST", "/register", fetch_event_types=["user_topic"])["user_topics"]
    return [
        (row["topic_name"], row["visibility_policy"]) for row in rows if row["topic_name"] == LUNCH["topic"]
    ]


def muted_topics(person: Person) -> list[list[Any]]:
    rows = person.ask("POST", "/register", fetch_event_types=["muted_topics"])["muted_topics"]
    return [row[:2] for row in rows]


def muted_users(person: Person) -> list[int]:
    rows = person.ask("POST", "/register", fetch_event_types=["muted_users"])["muted_users"]
    return [row["id"] for row in rows]


@pytest.mark.parametrize("policy", [1, 2, 3])
def test_a_topic(hamlet: Person, general: int, policy: int) -> None:
    hamlet.ask("POST", "/user_topics", stream_id=general, visibility_policy=policy, **LUNCH)
    assert topics(hamlet) == [(LUNCH["topic"], policy)]
    hamlet.ask("POST", "/user_topics", stream_id=general, visibility_policy=0, **LUNCH)
    assert topics(hamlet) == []


@pytest.mark.parametrize("by_name", [True, False])
def test_older_clients_know_muted_topics_only(hamlet: Person, general: int, by_name: bool) -> None:
    where: dict[str, Any] = {"stream": "general"} if by_name else {"stream_id": general}
    hamlet.ask("PATCH", "/users/me/subscriptions/muted_topics", **ADD, **where)
    assert muted_topics(hamlet) == [["general", LUNCH["topic"]]]
    hamlet.ask("PATCH", "/users/me/subscriptions/muted_topics", **REMOVE, **where)
    assert muted_topics(hamlet) == []


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({**REMOVE, "stream": "general"}, "Topic is not muted"),
        (ADD, "Please supply 'stream'."),
        ({**ADD, "stream": "general", "stream_id": 1}, "Please choose one: 'stream' or 'stream_id'."),
        ({**ADD, "stream": "nowhere"}, "Invalid channel name 'nowhere'"),
        ({**ADD, "stream_id": 99_999}, "Invalid channel ID"),
        ({**ADD, "stream": "general", "op": "frob"}, "Invalid op"),
    ],
)
def test_what_older_clients_cannot_do(hamlet: Person, parameters: dict[str, Any], error: str) -> None:
    answer = hamlet.call("PATCH", "/users/me/subscriptions/muted_topics", **parameters)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == error


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"stream_id": 99_999}, "Invalid channel ID"),
        ({"visibility_policy": 4}, "Invalid visibility_policy"),
        ({"visibility_policy": "x"}, "visibility_policy is not an integer"),
        ({"topic": "x" * 61}, "topic is too long (limit: 60 characters)"),
    ],
)
def test_what_a_topic_cannot_be(hamlet: Person, general: int, changed: dict[str, Any], error: str) -> None:
    asked: dict[str, Any] = {"stream_id": general, "visibility_policy": 3, **LUNCH, **changed}
    answer = hamlet.call("POST", "/user_topics", **asked)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == error


def test_the_sender_is_told_what_their_topic_has_become(hamlet: Person) -> None:
    message: dict[str, Any] = {
        "type": "stream",
        "to": "general",
        "topic": "begun by hamlet",
        "content": "hello",
    }
    assert hamlet.ask("POST", "/messages", **message)["automatic_new_visibility_policy"] == 3
    assert "automatic_new_visibility_policy" not in hamlet.ask("POST", "/messages", **message)


def test_somebody(hamlet: Person, cordelia: Person) -> None:
    hamlet.ask("POST", f"/users/me/muted_users/{cordelia.user_id}")
    assert muted_users(hamlet) == [cordelia.user_id]
    hamlet.ask("DELETE", f"/users/me/muted_users/{cordelia.user_id}")
    assert muted_users(hamlet) == []


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_nobody(hamlet: Person, method: str) -> None:
    answer = hamlet.call(method, "/users/me/muted_users/99999")
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == "No such user"
