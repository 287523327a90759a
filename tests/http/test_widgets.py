"""Widgets over the wire."""

import json
from typing import Any

import pytest

from tests.process.client import Person

VOTE = json.dumps({"type": "vote", "key": "canned,0", "vote": 1})


def submessages(person: Person, message_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.ask("GET", f"/messages/{message_id}")["message"]["submessages"]
    return found


def test_a_poll(hamlet: Person, cordelia: Person) -> None:
    watcher = hamlet.register(event_types=["submessage"])
    message_id = hamlet.send(cordelia, "/poll Lunch?\n- Soup")
    cordelia.ask("POST", "/submessage", message_id=message_id, msg_type="widget", content=VOTE)
    [event] = watcher.poll()
    assert (event["message_id"], event["sender_id"]) == (message_id, cordelia.user_id)
    first, vote = submessages(hamlet, message_id)
    assert json.loads(first["content"])["widget_type"] == "poll"
    assert (vote["id"], vote["content"]) == (event["submessage_id"], VOTE)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"content": "{"}, "Invalid json for submessage"),
        ({"msg_type": "x"}, "Invalid msg_type"),
        ({"message_id": 999_999}, "Invalid message(s)"),
        ({"message_id": "x"}, "message_id is not an integer"),
    ],
)
def test_mistakes(hamlet: Person, cordelia: Person, asked: dict[str, Any], error: str) -> None:
    message_id = hamlet.send(cordelia, "/poll Lunch?")
    good = {"message_id": message_id, "msg_type": "widget", "content": VOTE}
    answer = cordelia.call("POST", "/submessage", **{**good, **asked})
    assert (answer.status, answer.body["msg"]) == (400, error)


def test_a_form(hamlet: Person, cordelia: Person) -> None:
    form = {"widget_type": "zform", "extra_data": {"type": "choices", "heading": "?", "choices": []}}
    sent = hamlet.ask(
        "POST",
        "/messages",
        type="direct",
        to=[cordelia.user_id],
        content="?",
        widget_content=json.dumps(form),
    )
    [first] = submessages(cordelia, sent["id"])
    assert json.loads(first["content"]) == form


def test_a_form_with_a_mistake(hamlet: Person, cordelia: Person) -> None:
    answer = hamlet.call(
        "POST", "/messages", type="direct", to=[cordelia.user_id], content="?", widget_content="[]"
    )
    assert answer.body["msg"] == "Widgets: widget_content is not a dict"
