"""Windows around anchors."""

import pytest

from appliance.actions.message import flag as flag_actions
from appliance.actions.search import page as search
from appliance.actions.search.page import BEYOND_NEWEST, Window
from appliance.base.errors import ApiError
from appliance.model.narrow import Term
from tests.actions.conftest import PUBLIC, Team
from tests.actions.message.test_access import RAW, fetch


@pytest.fixture
def five(team: Team) -> list[int]:
    """Ids of five messages to Bob, with others between them that he does not get."""
    found = []
    for _ in range(5):
        found.append(team.send(team.ann, PUBLIC))
        team.write_to(team.ann, team.erin)
    return found


Seen = tuple[slice, bool, bool, bool]  # of five; found anchor, oldest, newest


@pytest.mark.parametrize(
    ("anchor", "before", "after", "seen"),
    [
        ("newest", 2, 0, (slice(3, 5), False, False, True)),
        ("newest", 9, 0, (slice(0, 5), False, True, True)),
        ("newest", 5, 0, (slice(0, 5), False, False, True)),
        ("newest", 2, 2, (slice(3, 5), False, False, True)),
        ("oldest", 0, 2, (slice(0, 2), False, True, False)),
        ("oldest", 0, 9, (slice(0, 5), False, True, True)),
        (0, 0, 2, (slice(0, 2), False, True, False)),
        (BEYOND_NEWEST, 2, 0, (slice(3, 5), False, False, True)),
        (10**30, 2, 0, (slice(3, 5), False, False, True)),
        (-5, 0, 2, (slice(0, 2), False, True, False)),
        ("third", 1, 1, (slice(1, 4), True, False, False)),
        ("third", 0, 0, (slice(2, 3), True, False, False)),
        ("third", 9, 9, (slice(0, 5), True, True, True)),
        ("below third", 1, 1, (slice(1, 3), False, False, False)),
        ("first_unread", 1, 1, (slice(1, 4), True, False, False)),
    ],
)
def test_a_window(
    team: Team, five: list[int], anchor: int | str, before: int, after: int, seen: Seen
) -> None:
    flag_actions.update(team.store, team.bob, five[:2], "add", "read")
    at = {"third": five[2], "below third": five[2] - 1}.get(str(anchor), anchor)
    found = fetch(team, team.bob, [["channel", PUBLIC]], Window(at, before, after))
    listed, *known = seen
    assert [message["id"] for message in found["messages"]] == five[listed]
    assert [found["found_anchor"], found["found_oldest"], found["found_newest"]] == known
    assert found["history_limited"] is False


@pytest.mark.parametrize(
    ("anchor", "told"), [("newest", BEYOND_NEWEST), ("oldest", 0), ("first_unread", "third")]
)
def test_the_anchor_is_told_as_an_id(team: Team, five: list[int], anchor: str, told: int | str) -> None:
    flag_actions.update(team.store, team.bob, five[:2], "add", "read")
    expected = five[2] if told == "third" else told
    assert fetch(team, team.bob, window=Window(anchor, 1, 1))["anchor"] == expected


def test_without_unread_messages_the_anchor_is_the_newest(team: Team, five: list[int]) -> None:
    flag_actions.update(team.store, team.bob, five, "add", "read")
    found = fetch(team, team.bob, window=Window("first_unread", 2, 2))
    assert found["anchor"] == BEYOND_NEWEST
    assert [message["id"] for message in found["messages"]] == five[3:]


def test_the_first_unread_message_is_that_of_the_narrow(team: Team, five: list[int]) -> None:
    direct = team.write_to(team.ann, team.bob)
    assert fetch(team, team.bob, [["is", "dm"]], Window("first_unread", 0, 0))["anchor"] == direct


def test_the_anchor_itself_may_be_left_out(team: Team, five: list[int]) -> None:
    found = fetch(team, team.bob, window=Window(five[2], 1, 1, include_anchor=False))
    assert [message["id"] for message in found["messages"]] == [five[1], five[3]]


def test_a_window_has_a_limit(team: Team) -> None:
    fetch(team, team.bob, window=Window("newest", 5000, 0))
    with pytest.raises(ApiError, match=r"^Too many messages requested \(maximum 5000\)\.$"):
        fetch(team, team.bob, window=Window("newest", 5000, 1))


def test_messages_by_id_in_a_narrow(team: Team, five: list[int]) -> None:
    found = search.fetch_ids(
        team.store, team.bob, [Term("topic", "lunch"), Term("search", "hello")], [five[3], five[0], 999], RAW
    )["messages"]
    assert [message["id"] for message in found] == [five[0], five[3]]
    assert found[0]["match_content"] == '<p><span class="highlight">hello</span></p>'
    assert search.fetch_ids(team.store, team.bob, [Term("topic", "x")], five, RAW)["messages"] == []


def test_messages_by_id_have_a_limit(team: Team) -> None:
    with pytest.raises(ApiError, match="Too many messages requested"):
        search.fetch_ids(team.store, team.bob, [], list(range(5001)), RAW)
