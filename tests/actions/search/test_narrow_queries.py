"""Narrows are found through indexes, whichever their terms are."""

from collections.abc import Iterator
from typing import Any

import pytest

from appliance.actions.search import narrow as narrow_actions
from appliance.model import narrow as narrows
from appliance.store import message as messages
from tests.actions.conftest import PRIVATE, PUBLIC, Team
from tests.store.test_queries import LARGE, Explained

NARROWS: dict[str, list[Any]] = {
    "all messages": [],
    "a channel": [["channel", PUBLIC]],
    "a topic": [["channel", PUBLIC], ["topic", "lunch"]],
    "the conversation of a message": [["with", 1]],
    "a topic's name": [["topic", "lunch"]],
    "a conversation": [["dm", "ann@example.org"]],
    "conversations with somebody": [["dm-including", "ann@example.org"]],
    "groups with somebody": [["group-pm-with", "ann@example.org"]],
    "direct messages": [["is", "dm"]],
    "of a sender": [["sender", "ann@example.org"]],
    "of a sender in a channel": [["channel", PUBLIC], ["sender", "ann@example.org"]],
    "not of a sender": [{"operator": "sender", "operand": "ann@example.org", "negated": True}],
    "one message": [["id", 1]],
    "starred": [["is", "starred"]],
    "mentions": [["is", "mentioned"]],
    "alert words": [["is", "alerted"]],
    "unread": [["is", "unread"]],
    "followed": [["is", "followed"]],
    "muted": [["is", "muted"]],
    "resolved": [["is", "resolved"]],
    "at home": [["in", "home"]],
    "public channels": [["channels", "public"]],
    "with files": [["has", "attachment"]],
    "with images": [["has", "image"]],
    "with links": [["has", "link"]],
    "with reactions": [["has", "reaction"]],
    "a search": [["search", "hello"]],
    "a search in a channel": [["search", "hello"], ["channel", PRIVATE]],
}
# What clients read all the time: in the order of an index, so that a page costs the same in a large realm.
HOT = (
    "all messages", "a channel", "a topic", "the conversation of a message", "a conversation", "of a sender",
    "not of a sender", "at home", "with files", "with images", "with links", "a search",
)  # fmt: skip


@pytest.fixture
def handle(team: Team) -> Iterator[Explained]:
    team.send(team.ann, PUBLIC)
    team.write_to(team.ann, team.bob)
    opened = Explained(team.store)
    yield opened
    opened.close()


def plans(team: Team, handle: Explained, name: str) -> list[str]:
    """Of all that reading a window of the narrow asks of the file, but for who may read what."""
    terms = narrows.parse(NARROWS[name])
    conditions = narrow_actions.conditions(handle, team.bob, terms)
    handle.plans.clear()
    messages.around(handle, team.bob.id, conditions, 9, 10, 10)
    messages.first_unread(handle, team.bob.id, conditions)
    return handle.plans


@pytest.mark.parametrize("name", NARROWS)
def test_no_large_table_is_read_whole(team: Team, handle: Explained, name: str) -> None:
    scanned = [plan.split()[1] for plan in plans(team, handle, name) if plan.startswith("SCAN")]
    assert [table for table in scanned if table in LARGE] == []


@pytest.mark.parametrize("name", HOT)
def test_nothing_is_sorted_that_an_index_has_in_order(team: Team, handle: Explained, name: str) -> None:
    assert [plan for plan in plans(team, handle, name) if "TEMP B-TREE" in plan] == []
