"""Reactions over the wire."""

from typing import Any

import pytest

from tests.process.client import Person


@pytest.fixture
def message_id(hamlet: Person, cordelia: Person) -> int:
    return hamlet.send(cordelia, "hello")


@pytest.mark.parametrize(
    "asked",
    [
        {"emoji_name": "smile"},
        {"emoji_name": "smile", "reaction_type": "unicode_emoji"},
        {"emoji_name": "smile", "emoji_code": "1f642", "reaction_type": "unicode_emoji"},
    ],
)
def test_reacting_and_taking_it_back(
    hamlet: Person, cordelia: Person, message_id: int, asked: dict[str, Any]
) -> None:
    watcher = hamlet.register(event_types=["reaction"])
    path = f"/messages/{message_id}/reactions"
    cordelia.ask("POST", path, **asked)
    [event] = watcher.poll()
    assert (event["op"], event["emoji_code"], event["user_id"]) == ("add", "1f642", cordelia.user_id)
    [reaction] = hamlet.ask("GET", f"/messages/{message_id}")["message"]["reactions"]
    assert reaction["emoji_name"] == "smile"
    assert reaction["user"] == {"id": cordelia.user_id, "email": cordelia.email, "full_name": "cordelia"}
    cordelia.ask("DELETE", path, **asked)
    [event] = watcher.poll()
    assert event["op"] == "remove"


@pytest.mark.parametrize(
    ("asked", "msg"),
    [
        ({"emoji_name": "no_such"}, "Emoji 'no_such' does not exist"),
        ({"emoji_name": "smile", "emoji_code": "x"}, "Invalid emoji code."),
        ({"emoji_name": "tada", "emoji_code": "1f642"}, "Invalid emoji name."),
        ({"emoji_name": "smile", "reaction_type": "x"}, "Invalid reaction_type"),
    ],
)
def test_mistakes(hamlet: Person, message_id: int, asked: dict[str, Any], msg: str) -> None:
    answer = hamlet.call("POST", f"/messages/{message_id}/reactions", **asked)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"] == msg


def test_nothing_to_take_back(hamlet: Person, message_id: int) -> None:
    path = f"/messages/{message_id}/reactions"
    assert hamlet.call("DELETE", path, emoji_code="1f642").is_error(400, "REACTION_DOES_NOT_EXIST")
    assert hamlet.call("DELETE", path).is_error(400, "BAD_REQUEST")
