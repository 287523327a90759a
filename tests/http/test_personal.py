"""Typing, statuses, alert words, drafts and snippets over the wire, and who sees them."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.process.client import Person

NOTE: dict[str, Any] = {"type": "", "to": [], "topic": "", "content": "begun"}
SNIPPET = {"title": "Hello", "content": "Welcome"}


@pytest.fixture(autouse=True)
def _nothing_is_left(hamlet: Person) -> Iterator[None]:
    yield
    hamlet.ask("POST", "/users/me/status", status_text="", emoji_name="", away=False)
    words = hamlet.ask("GET", "/users/me/alert_words")["alert_words"]
    hamlet.ask("DELETE", "/users/me/alert_words", alert_words=words)
    hamlet.ask("PATCH", "/settings", send_private_typing_notifications=True)
    hamlet.ask("PATCH", "/settings", enable_drafts_synchronization=True)
    for each in hamlet.ask("GET", "/drafts")["drafts"]:
        hamlet.ask("DELETE", f"/drafts/{each['id']}")


def general(person: Person) -> int:
    found: int = person.ask("GET", "/get_stream_id", stream="general")["stream_id"]
    return found


def section(person: Person, name: str) -> Any:
    return person.ask("POST", "/register", fetch_event_types=[name], event_types=[])[name]


# -- typing


@pytest.mark.parametrize("how", [{}, {"type": "direct"}])
def test_typing_to_somebody(hamlet: Person, cordelia: Person, how: dict[str, Any]) -> None:
    watcher = cordelia.register(event_types=["typing"])
    hamlet.ask("POST", "/typing", op="start", to=[cordelia.user_id], **how)
    [event] = watcher.poll()
    assert (event["op"], event["message_type"]) == ("start", "direct")
    assert event["sender"]["user_id"] == hamlet.user_id
    assert {each["user_id"] for each in event["recipients"]} == {hamlet.user_id, cordelia.user_id}


@pytest.mark.parametrize("kind", ["stream", "channel"])
def test_typing_in_a_channel(hamlet: Person, cordelia: Person, kind: str) -> None:
    capabilities = {"notification_settings_null": False, "stream_typing_notifications": True}
    knowing = cordelia.register(event_types=["typing"], client_capabilities=capabilities)
    older = cordelia.register(event_types=["typing"])
    hamlet.ask("POST", "/typing", op="stop", type=kind, stream_id=general(hamlet), topic="")
    [event] = knowing.poll()
    assert (event["message_type"], event["stream_id"]) == ("stream", general(hamlet))
    assert event["topic"] == "general chat"
    assert older.poll(dont_block=True) == []


def test_others_are_not_told_who_types_to_whom(hamlet: Person, cordelia: Person) -> None:
    watcher = cordelia.register(event_types=["typing"])
    hamlet.ask("POST", "/typing", op="start", to=[hamlet.user_id])
    assert watcher.poll(dont_block=True) == []


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"op": "start"}, "Missing 'to' argument"),
        ({"op": "start", "to": []}, "Empty 'to' list"),
        ({"op": "start", "to": [99_999]}, "Invalid user ID 99999"),
        ({"op": "start", "to": ["x"]}, "to[0] is not an integer"),
        ({"op": "frob", "to": [1]}, "Invalid op"),
        ({"to": [1]}, "Missing 'op' argument"),
        ({"op": "start", "type": "x"}, "Invalid type"),
        ({"op": "start", "type": "stream"}, "Missing channel ID"),
        ({"op": "start", "type": "stream", "stream_id": 1}, "Missing topic"),
        (
            {"op": "start", "type": "stream", "stream_id": 99_999, "topic": "x"},
            "Channel with ID '99999' does not exist",
        ),
    ],
)
def test_how_not_to_type(hamlet: Person, asked: dict[str, Any], error: str) -> None:
    answer = hamlet.call("POST", "/typing", **asked)
    assert (answer.status, answer.body["msg"]) == (400, error)


def test_editing_a_message(hamlet: Person, cordelia: Person) -> None:
    watcher = cordelia.register(event_types=["typing_edit_message"])
    message_id = hamlet.send(cordelia, "hello")
    hamlet.ask("POST", f"/messages/{message_id}/typing", op="start")
    [event] = watcher.poll()
    assert (event["op"], event["sender_id"], event["message_id"]) == ("start", hamlet.user_id, message_id)
    assert event["recipient"] == {"type": "direct", "user_ids": [hamlet.user_id, cordelia.user_id]}
    answer = cordelia.call("POST", f"/messages/{message_id}/typing", op="start")
    assert answer.body["msg"] == "You don't have permission to edit this message"


def test_editing_a_message_in_a_channel(hamlet: Person, cordelia: Person) -> None:
    watcher = cordelia.register(event_types=["typing_edit_message"])
    sent = hamlet.ask("POST", "/messages", type="channel", to=general(hamlet), topic="", content="hello")
    hamlet.ask("POST", f"/messages/{sent['id']}/typing", op="stop")
    [event] = watcher.poll()
    recipient = {"type": "channel", "channel_id": general(hamlet), "topic": "general chat"}
    assert (event["op"], event["recipient"]) == ("stop", recipient)


def test_who_does_not_tell(hamlet: Person, cordelia: Person) -> None:
    hamlet.ask("PATCH", "/settings", send_private_typing_notifications=False)
    answer = hamlet.call("POST", "/typing", op="start", to=[cordelia.user_id])
    assert answer.body["msg"] == "User has disabled typing notifications for direct messages"


# -- statuses


def test_a_status_is_seen_by_others(hamlet: Person, cordelia: Person) -> None:
    watcher = cordelia.register(event_types=["user_status"])
    hamlet.ask("POST", "/users/me/status", status_text="busy", emoji_name="tada")
    [event] = watcher.poll()
    status = {
        "status_text": "busy",
        "emoji_name": "tada",
        "emoji_code": "1f389",
        "reaction_type": "unicode_emoji",
    }
    assert event == {"type": "user_status", "id": event["id"], "user_id": hamlet.user_id, **status}
    assert cordelia.ask("GET", f"/users/{hamlet.user_id}/status")["status"] == status
    assert section(cordelia, "user_status")[str(hamlet.user_id)] == status
    hamlet.ask("POST", "/users/me/status", status_text="", emoji_name="")
    assert cordelia.ask("GET", f"/users/{hamlet.user_id}/status")["status"] == {}


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, "Client did not pass any new values."),
        ({"status_text": "x" * 61}, "status_text is too long (limit: 60 characters)"),
        (
            {"emoji_code": "1f389"},
            "Client must pass emoji_name if they pass either emoji_code or reaction_type.",
        ),
        ({"emoji_name": "invalid"}, "Emoji 'invalid' does not exist"),
        ({"emoji_name": "tada", "reaction_type": "x"}, "Invalid reaction_type"),
        ({"away": "x"}, "away is not a boolean"),
    ],
)
def test_what_no_status_is(hamlet: Person, asked: dict[str, Any], error: str) -> None:
    answer = hamlet.call("POST", "/users/me/status", **asked)
    assert (answer.status, answer.body["msg"]) == (400, error)


def test_nobody_has_none(hamlet: Person) -> None:
    assert hamlet.call("GET", "/users/99999/status").body["msg"] == "No such user"


# -- alert words


def test_alert_words(hamlet: Person, cordelia: Person) -> None:
    others = cordelia.register(event_types=["alert_words", "message"])
    own = hamlet.register(event_types=["alert_words", "message"])
    answer = hamlet.ask("POST", "/users/me/alert_words", alert_words=["Pie", " tart "])
    assert answer["alert_words"] == ["Pie", "tart"]
    assert hamlet.ask("DELETE", "/users/me/alert_words", alert_words=["TART"])["alert_words"] == ["Pie"]
    assert section(hamlet, "alert_words") == ["Pie"]
    assert section(cordelia, "alert_words") == []
    message_id = cordelia.send(hamlet, "some pie?")
    first, second, message = own.poll()
    assert (first["alert_words"], second["alert_words"]) == (["Pie", "tart"], ["Pie"])
    assert "has_alert_word" in message["flags"]
    assert [(event["type"], "has_alert_word" in event["flags"]) for event in others.poll()] == [
        ("message", False)
    ]
    [found] = hamlet.messages(narrow=[["is", "alerted"], ["id", str(message_id)]])
    assert "has_alert_word" in found["flags"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["x" * 101], "alert_words[0] is too long (limit: 100 characters)"),
        ([7], "alert_words[0] is not a string"),
        ("x", "Malformed JSON"),
    ],
)
def test_what_no_alert_words_are(hamlet: Person, words: Any, error: str) -> None:
    answer = hamlet.call("POST", "/users/me/alert_words", alert_words=words)
    assert (answer.status, answer.body["msg"]) == (400, error)


# -- drafts


def test_drafts(hamlet: Person, cordelia: Person) -> None:
    own, others = (each.register(event_types=["drafts"]) for each in (hamlet, cordelia))
    to_channel = {"type": "stream", "to": [general(hamlet)], "topic": "pie", "content": "x", "timestamp": 5}
    first, second = hamlet.ask("POST", "/drafts", drafts=[NOTE, to_channel])["ids"]
    listed = hamlet.ask("GET", "/drafts")
    assert listed["count"] == 2
    assert [each["id"] for each in listed["drafts"]] == [first, second]
    assert listed["drafts"][1] == {"id": second, **to_channel}
    hamlet.ask("PATCH", f"/drafts/{second}", draft={**to_channel, "content": "y"})
    hamlet.ask("DELETE", f"/drafts/{first}")
    assert [event["op"] for event in own.next(3)] == ["add", "update", "remove"]
    assert section(hamlet, "drafts") == [{"id": second, **to_channel, "content": "y"}]
    assert cordelia.ask("GET", "/drafts")["count"] == 0
    for answer in (
        cordelia.call("PATCH", f"/drafts/{second}", draft=NOTE),
        cordelia.call("DELETE", f"/drafts/{second}"),
        hamlet.call("DELETE", f"/drafts/{first}"),
    ):
        assert answer.is_error(404, "BAD_REQUEST")
        assert answer.body["msg"] == "Draft does not exist"
    assert others.poll(dont_block=True) == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"type": "stream"}, "Must specify exactly 1 channel ID for channel messages"),
        ({"type": "stream", "to": [99_999]}, "Invalid channel ID"),
        ({"timestamp": -1}, "Timestamp must not be negative."),
        ({"content": ""}, "Message must not be empty"),
        ({"to": "x"}, 'drafts[0]["to"] is not a list'),
    ],
)
def test_what_no_draft_is(hamlet: Person, changed: dict[str, Any], error: str) -> None:
    answer = hamlet.call("POST", "/drafts", drafts=[{**NOTE, **changed}])
    assert (answer.status, answer.body["msg"]) == (400, error)


def test_drafts_that_are_not_to_be_kept_here(hamlet: Person) -> None:
    hamlet.ask("PATCH", "/settings", enable_drafts_synchronization=False)
    for method, path, asked in (
        ("GET", "/drafts", {}),
        ("POST", "/drafts", {"drafts": [NOTE]}),
        ("PATCH", "/drafts/1", {"draft": NOTE}),
        ("DELETE", "/drafts/1", {}),
    ):
        answer = hamlet.call(method, path, **asked)
        assert (answer.status, answer.body["msg"]) == (400, "User has disabled synchronizing drafts.")


# -- saved snippets


def test_snippets(hamlet: Person, cordelia: Person) -> None:
    own, others = (each.register(event_types=["saved_snippets"]) for each in (hamlet, cordelia))
    snippet_id = hamlet.ask("POST", "/saved_snippets", **SNIPPET)["saved_snippet_id"]
    path = f"/saved_snippets/{snippet_id}"
    hamlet.ask("PATCH", path, title="Hi")
    kept = hamlet.ask("GET", "/saved_snippets")["saved_snippets"]
    [snippet] = [each for each in kept if each["id"] == snippet_id]
    assert {**SNIPPET, "title": "Hi"}.items() <= snippet.items()
    assert section(hamlet, "saved_snippets") == kept
    assert cordelia.ask("GET", "/saved_snippets")["saved_snippets"] == []
    for answer in (cordelia.call("PATCH", path, title="mine"), cordelia.call("DELETE", path)):
        assert answer.is_error(404, "BAD_REQUEST")
        assert answer.body["msg"] == "Saved snippet does not exist."
    hamlet.ask("DELETE", path)
    assert [event["op"] for event in own.next(3)] == ["add", "update", "remove"]
    assert others.poll(dont_block=True) == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"title": " "}, "Title cannot be empty."),
        ({"content": ""}, "Content cannot be empty."),
        ({"title": "x" * 61}, "title is too long (limit: 60 characters)"),
    ],
)
def test_what_no_snippet_is(hamlet: Person, changed: dict[str, Any], error: str) -> None:
    answer = hamlet.call("POST", "/saved_snippets", **{**SNIPPET, **changed})
    assert (answer.status, answer.body["msg"]) == (400, error)


# -- scheduled messages


def later(cordelia: Person) -> dict[str, Any]:
    to = [cordelia.user_id]
    return {"type": "direct", "to": to, "content": "later", "scheduled_delivery_timestamp": 4_000_000_000}


def test_scheduled_messages(hamlet: Person, cordelia: Person) -> None:
    own, others = (each.register(event_types=["scheduled_messages"]) for each in (hamlet, cordelia))
    message_id = hamlet.ask("POST", "/scheduled_messages", **later(cordelia))["scheduled_message_id"]
    path = f"/scheduled_messages/{message_id}"
    hamlet.ask("PATCH", path, type="channel", to=general(hamlet), topic="pie")
    [message] = hamlet.ask("GET", "/scheduled_messages")["scheduled_messages"]
    assert (message["type"], message["to"], message["topic"]) == ("stream", general(hamlet), "pie")
    assert section(hamlet, "scheduled_messages") == [message]
    assert cordelia.ask("GET", "/scheduled_messages")["scheduled_messages"] == []
    for answer in (cordelia.call("PATCH", path, content="x"), cordelia.call("DELETE", path)):
        assert answer.is_error(404, "BAD_REQUEST")
        assert answer.body["msg"] == "Scheduled message does not exist"
    hamlet.ask("DELETE", path)
    assert [event["op"] for event in own.next(3)] == ["add", "update", "remove"]
    assert others.poll(dont_block=True) == []


def test_one_comes_in_time(hamlet: Person, cordelia: Person) -> None:
    watcher = cordelia.register(event_types=["message"])
    soon = {**later(cordelia), "scheduled_delivery_timestamp": int(time.time()) + 2}
    hamlet.ask("POST", "/scheduled_messages", **soon)
    [event] = watcher.poll()
    assert (event["message"]["content"], event["message"]["sender_id"]) == ("later", hamlet.user_id)
    assert hamlet.ask("GET", "/scheduled_messages")["scheduled_messages"] == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"scheduled_delivery_timestamp": 1}, "Scheduled delivery time must be in the future."),
        ({"to": [99_999]}, "Invalid user ID 99999"),
        ({"to": []}, "Invalid data type for recipients"),
        ({"to": "x@y"}, "Invalid data type for recipients"),
        ({"type": "stream", "to": 99_999, "topic": "x"}, "Channel with ID '99999' does not exist"),
        ({"type": "stream", "to": 1}, "Missing topic"),
        ({"type": "x"}, "Invalid type"),
        ({"content": ""}, "Message must not be empty"),
    ],
)
def test_what_cannot_be_scheduled(
    hamlet: Person, cordelia: Person, changed: dict[str, Any], error: str
) -> None:
    answer = hamlet.call("POST", "/scheduled_messages", **{**later(cordelia), **changed})
    assert (answer.status, answer.body["msg"]) == (400, error)


def test_nothing_to_change(hamlet: Person) -> None:
    assert hamlet.call("PATCH", "/scheduled_messages/1").body["msg"] == "Nothing to change"
