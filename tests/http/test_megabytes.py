"""Texts of megabytes: ten are refused before any rule looks at them, four meet the rules."""

from typing import Any

import pytest

from tests.http.test_api import CHANNEL, change
from tests.process.client import Person

MIB = 1 << 20
CHARACTERS = {"letters": "a", "no width": "\u200b", "turned": "\u202e", "ideographs": "東", "NUL": "\0"}
# What a text of four megabytes is answered with, and where that depends on what it is made of.
CUT, REFUSED = 200, 400
TAKEN: dict[str, tuple[str, str, dict[str, Any], str, int, dict[str, int]]] = {
    "a message": ("POST", "/messages", CHANNEL, "content", CUT, {"NUL": REFUSED}),
    "a topic": ("POST", "/messages", CHANNEL, "topic", REFUSED, {"letters": CUT, "ideographs": CUT}),
    "a name": ("PATCH", "/settings", {}, "full_name", REFUSED, {}),
    "a status": ("POST", "/users/me/status", {}, "status_text", REFUSED, {}),
    "a group": ("POST", "/user_groups/create", {"description": "", "members": []}, "name", REFUSED, {}),
    "a channel": ("GET", "/get_stream_id", {}, "stream", REFUSED, {}),
}


def text(made_of: str, size: int) -> str:
    """Of so many bytes."""
    character = CHARACTERS[made_of]
    return character * (size // len(character.encode()))


@pytest.mark.parametrize("made_of", CHARACTERS)
@pytest.mark.parametrize("what", TAKEN)
def test_four(hamlet: Person, what: str, made_of: str) -> None:
    method, path, besides, name, usual, others = TAKEN[what]
    before = hamlet.newest_message_id()
    answer = change(hamlet, method, path, "multipart", {**besides, name: text(made_of, 4 * MIB - 1024)})
    expected = others.get(made_of, usual)
    assert answer.status == expected
    assert (hamlet.newest_message_id() > before) is (expected == CUT)
    assert expected == CUT or answer.body["result"] == "error"


@pytest.mark.parametrize("made_of", CHARACTERS)
@pytest.mark.parametrize("what", TAKEN)
def test_ten(hamlet: Person, what: str, made_of: str) -> None:
    method, path, besides, name, *_ = TAKEN[what]
    before = hamlet.newest_message_id()
    answer = change(hamlet, method, path, "multipart", {**besides, name: text(made_of, 10 * MIB)})
    assert (answer.status, answer.body["result"]) == (413, "error")
    assert hamlet.newest_message_id() == before


@pytest.mark.parametrize("operator", ["topic", "search", "channel", "sender"])
def test_a_narrow(hamlet: Person, operator: str) -> None:
    for made_of in CHARACTERS:
        narrow = [{"operator": operator, "operand": text(made_of, MIB // 2)}]
        window = {"anchor": "newest", "num_before": 1, "num_after": 0, "narrow": narrow}
        assert change(hamlet, "GET", "/messages", "json", window).status in (200, 400)
