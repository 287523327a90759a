"""Editing, moving, deleting, reading by the API: parameters, answers, and what a client's queue gets."""

from typing import Any

import pytest

from tests.conftest import until
from tests.process.client import Person, Poller
from tests.process.server import ServerProcess


@pytest.fixture(scope="module")
def iago(server: ServerProcess) -> Person:
    return server.people("iago")[0]


@pytest.fixture(scope="module")
def othello(server: ServerProcess) -> Person:
    return server.people("othello")[0]


def send(person: Person, topic: str = "lunch", content: str = "hello", to: str = "general") -> int:
    answer = person.call("POST", "/messages", type="channel", to=to, topic=topic, content=content)
    sent: int = answer.body["id"]
    return sent


def heard(queue: Poller, kind: str) -> dict[str, Any]:
    """The next event of that type."""
    found: list[dict[str, Any]] = until(lambda: [each for each in queue.poll() if each["type"] == kind])
    return found[0]


def test_an_edit_reaches_clients(hamlet: Person, cordelia: Person) -> None:  # checklist 185
    message_id = send(hamlet)
    queue = cordelia.register()
    answer = hamlet.call("PATCH", f"/messages/{message_id}", content="*changed*", prev_content_sha256="x")
    assert answer.status == 200
    assert answer.body["detached_uploads"] == []
    event = heard(queue, "update_message")
    assert (event["message_ids"], event["rendered_content"]) == ([message_id], "<p><em>changed</em></p>")
    assert event["flags"] == []
    assert not {name for name in event if name.endswith("_user_ids")}
    assert "propagate_mode" not in event


def test_a_move_by_the_older_name_of_the_topic(hamlet: Person, cordelia: Person) -> None:
    message_id = send(hamlet, "old place")
    queue = cordelia.register()
    options = {"propagate_mode": "change_all", "send_notification_to_old_thread": True}
    answer = hamlet.call("PATCH", f"/messages/{message_id}", subject="new place", **options)
    assert answer.status == 200
    event = heard(queue, "update_message")
    assert (event["orig_subject"], event["subject"], event["topic_links"]) == ("old place", "new place", [])


@pytest.mark.parametrize(
    ("parameters", "msg"),
    [
        ({}, "Nothing to change"),
        ({"topic": "x", "propagate_mode": "change_some"}, "Invalid propagate_mode"),
        ({"stream_id": "general"}, "stream_id is not an integer"),
        ({"stream_id": 10**30}, "stream_id is too large"),
        ({"stream_id": 999}, "Invalid channel ID"),
        (
            {"topic": "x", "send_notification_to_new_thread": "perhaps"},
            "send_notification_to_new_thread is not a boolean",
        ),
    ],
)
def test_an_edit_that_is_refused(hamlet: Person, parameters: dict[str, Any], msg: str) -> None:
    answer = hamlet.call("PATCH", f"/messages/{send(hamlet)}", **parameters)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == msg


@pytest.mark.parametrize(
    ("bulk", "expected"), [(True, {"message_ids"}), (False, {"message_id"})]
)  # checklist 186
def test_a_deletion_reaches_clients(hamlet: Person, cordelia: Person, bulk: bool, expected: set[str]) -> None:
    message_id = send(hamlet)
    capabilities = {"notification_settings_null": True, "bulk_message_deletion": bulk}
    queue = cordelia.register(client_capabilities=capabilities)
    assert hamlet.call("DELETE", f"/messages/{message_id}").status == 200
    event = heard(queue, "delete_message")
    assert event.keys() & {"message_ids", "message_id"} == expected
    assert (event["message_type"], event["topic"]) == ("stream", "lunch")
    assert cordelia.call("GET", f"/messages/{message_id}").is_error(400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/messages/{}"), ("PATCH", "/messages/{}"), ("DELETE", "/messages/{}"),
     ("GET", "/messages/{}/history"), ("GET", "/messages/{}/read_receipts")],
)  # fmt: skip
def test_somebody_else_s_message_looks_like_none(
    hamlet: Person, cordelia: Person, othello: Person, method: str, path: str
) -> None:
    to = [cordelia.user_id]
    message_id = hamlet.call("POST", "/messages", type="direct", to=to, content="psst").body["id"]
    answers = [
        othello.call(method, path.format(each), **({"content": "x"} if method == "PATCH" else {}))
        for each in (message_id, 10**9)
    ]
    assert [answer.body for answer in answers] == [answers[0].body] * 2
    assert answers[0].body["msg"] == "Invalid message(s)"


def test_history_and_read_receipts(hamlet: Person, cordelia: Person) -> None:
    message_id = send(hamlet, content="one")
    hamlet.call("PATCH", f"/messages/{message_id}", content="two")
    cordelia.call("POST", "/messages/flags", messages=[message_id], op="add", flag="read")
    history = cordelia.call("GET", f"/messages/{message_id}/history").body["message_history"]
    assert [each["content"] for each in history] == ["one", "two"]
    assert cordelia.call("GET", f"/messages/{message_id}/read_receipts").body["user_ids"] == [
        cordelia.user_id
    ]


def test_a_channel_is_marked_read(hamlet: Person, cordelia: Person) -> None:
    channel_id = cordelia.ask("GET", "/get_stream_id", stream="general")["stream_id"]
    send(hamlet)
    assert cordelia.ask("POST", "/mark_stream_as_read", stream_id=channel_id)["complete"]
    assert not cordelia.messages(narrow=[["channel", "general"], ["is", "unread"]])


def test_what_a_text_would_look_like(hamlet: Person) -> None:
    assert hamlet.call("POST", "/messages/render", content="**x**").body["rendered"] == (
        "<p><strong>x</strong></p>"
    )
    assert hamlet.call("POST", "/messages/render", content=" ").is_error(400, "BAD_REQUEST")


def test_what_is_in_a_narrow(hamlet: Person) -> None:
    inside, outside = send(hamlet, "a & b", "*x*"), send(hamlet, "other")
    narrow = [{"operator": "topic", "operand": "a & b"}]
    answer = hamlet.call("GET", "/messages/matches_narrow", msg_ids=[inside, outside, 10**9], narrow=narrow)
    assert answer.body["messages"] == {
        str(inside): {"match_content": "<p><em>x</em></p>", "match_subject": "a &amp; b"}
    }
    too_many = hamlet.call("GET", "/messages/matches_narrow", msg_ids=[1] * 5001, narrow=narrow)
    assert too_many.is_error(400, "BAD_REQUEST")


def test_places_are_marked_read(hamlet: Person, cordelia: Person) -> None:
    channel_id = cordelia.call("GET", "/get_stream_id", stream="general").body["stream_id"]
    queue = cordelia.register(event_types=["update_message_flags"])
    message_id = send(hamlet, "to read")
    topic = {"stream_id": channel_id, "topic_name": "to read"}
    assert cordelia.call("POST", "/mark_topic_as_read", **topic).body["complete"]
    event = heard(queue, "update_message_flags")
    assert event["messages"] == [message_id]
    assert cordelia.call("POST", "/mark_all_as_read").body["complete"]
    assert heard(queue, "update_message_flags")["all"]
    missing = cordelia.call("POST", "/mark_topic_as_read", stream_id=channel_id, topic_name="nothing here")
    assert missing.body["msg"] == "No such topic 'nothing here'"


def test_a_window_is_marked(hamlet: Person, cordelia: Person) -> None:
    message_id = send(hamlet, "window")
    narrow = [["topic", "window"]]
    window = {"anchor": "newest", "num_before": 5, "num_after": 0, "narrow": narrow}
    answer = cordelia.call("POST", "/messages/flags/narrow", op="add", flag="starred", **window)
    assert (answer.body["processed_count"], answer.body["last_processed_id"]) == (1, message_id)
    wrong = cordelia.call(
        "POST", "/messages/flags/narrow", op="add", flag="starred", **{**window, "anchor": "x"}
    )
    assert wrong.body["msg"] == "Invalid anchor"


def test_a_topic_is_deleted_by_admins_only(hamlet: Person, iago: Person) -> None:
    channel_id = hamlet.call("GET", "/get_stream_id", stream="general").body["stream_id"]
    send(hamlet, "rubbish")
    path, topic = f"/streams/{channel_id}/delete_topic", {"topic_name": "rubbish"}
    assert hamlet.call("POST", path, **topic).is_error(400, "UNAUTHORIZED_PRINCIPAL")
    assert iago.call("POST", path, **topic).body["complete"]
    assert not hamlet.messages(narrow=[["topic", "rubbish"]])
