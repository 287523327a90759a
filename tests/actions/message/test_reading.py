"""Marking whole places read."""

from collections.abc import Callable

import pytest

from appliance.actions.channel import subscription as subscription_actions
from appliance.actions.message import flag as flag_actions
from appliance.actions.message import reading as actions
from appliance.actions.search.page import Window
from appliance.base.errors import ApiError
from appliance.model import narrow as narrows
from appliance.model.flag import Flag
from appliance.model.user import User
from appliance.store import unread
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.actions.message.test_edit import flags, push_to, taken_back


def unread_ids(team: Team, user: User) -> list[int]:
    with team.store.read() as reader:
        return unread.of_user(reader, user.id, 10_000)


@pytest.fixture
def sent(team: Team, told: Told) -> dict[str, int]:
    found = {
        "lunch": team.send(team.ann, PUBLIC, topic="lunch"),
        "LUNCH": team.send(team.ann, PUBLIC, topic="LUNCH"),
        "dinner": team.send(team.ann, PUBLIC, topic="dinner"),
        "private": team.send(team.ann, PRIVATE, topic="lunch"),
        "direct": team.write_to(team.ann, team.bob),
    }
    told.look()
    return found


PLACES: dict[str, tuple[Callable[[Team], bool], set[str]]] = {
    "a topic": (
        lambda team: actions.mark_topic(team.store, team.bob, team.channel_id(PUBLIC), "Lunch"),
        {"lunch", "LUNCH"},
    ),
    "a channel": (
        lambda team: actions.mark_channel(team.store, team.bob, team.channel_id(PUBLIC)),
        {"lunch", "LUNCH", "dinner"},
    ),
}


def test_a_topic_that_one_cannot_read_is_like_none(team: Team) -> None:
    """An administrator knows of a private channel, and whoever came later does of its newer messages."""
    for channel, late in ((PRIVATE, team.olga), (PROTECTED, team.erin)):
        team.send(team.ann, channel, topic="secret")
        if late is team.erin:
            team.join(channel, late)
        for topic in ("secret", "there is none"):
            with pytest.raises(ApiError, match=f"^No such topic '{topic}'$"):
                actions.mark_topic(team.store, late, team.channel_id(channel), topic)


@pytest.mark.parametrize(("mark", "read"), PLACES.values(), ids=PLACES)
def test_a_place_is_read(
    team: Team, told: Told, sent: dict[str, int], mark: Callable[[Team], bool], read: set[str]
) -> None:
    assert mark(team)
    event, users = told.one()
    assert (event["op"], event["flag"], event["all"]) == ("add", "read", False)
    assert (users, event["messages"]) == ([team.bob.id], [sent[each] for each in sent if each in read])
    assert unread_ids(team, team.bob) == [sent[each] for each in sent if each not in read]
    assert unread_ids(team, team.ann) == list(sent.values())
    assert mark(team)
    assert told.look() == []


def test_everything_is_read(team: Team, told: Told, sent: dict[str, int]) -> None:
    assert actions.mark_all(team.store, team.bob)
    event, users = told.one()
    assert (users, event["messages"], event["all"]) == ([team.bob.id], [], True)
    assert unread_ids(team, team.bob) == []
    assert unread_ids(team, team.ann) == list(sent.values())


def test_much_is_read_in_batches(
    team: Team, told: Told, sent: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    assert actions.mark_all(team.store, team.bob)
    ids = list(sent.values())
    assert [(event["messages"], event["all"]) for event, _ in told.look()] == [
        (ids[3:], False),
        (ids[1:3], False),
        ([], True),
    ]
    assert unread_ids(team, team.bob) == []


@pytest.mark.parametrize("place", [*PLACES, "everything"])
def test_pushes_are_taken_back(team: Team, sent: dict[str, int], place: str) -> None:
    push_to(team, team.bob, sent["lunch"])
    push_to(team, team.bob, sent["direct"])
    if place == "everything":
        actions.mark_all(team.store, team.bob)
    else:
        PLACES[place][0](team)
    gone = [sent["lunch"], sent["direct"]] if place == "everything" else [sent["lunch"]]
    expected = {"user_profile_id": team.bob.id, "type": "remove", "message_ids": gone}
    assert taken_back(team) == [expected]


def test_they_are_also_when_one_message_is_read_or_a_channel_left(team: Team, sent: dict[str, int]) -> None:
    for name in ("lunch", "private"):
        push_to(team, team.bob, sent[name])
    flag_actions.update(team.store, team.bob, [sent["private"], sent["dinner"]], "add", "read")
    team.leave(PUBLIC, team.bob)
    assert [each["message_ids"] for each in taken_back(team)] == [[sent["private"]], [sent["lunch"]]]


@pytest.mark.parametrize("name", ["starred", "collapsed"])
def test_other_flags_take_nothing_back(team: Team, sent: dict[str, int], name: str) -> None:
    push_to(team, team.bob, sent["lunch"])
    flag_actions.update(team.store, team.bob, [sent["lunch"]], "add", name)
    assert taken_back(team) == []


@pytest.mark.parametrize(
    ("mark", "error"),
    [
        (lambda team: actions.mark_channel(team.store, team.erin, 999), "Invalid channel ID"),
        (
            lambda team: actions.mark_channel(team.store, team.erin, team.channel_id(PRIVATE)),
            "Invalid channel ID",
        ),
        (
            lambda team: actions.mark_topic(team.store, team.erin, team.channel_id(PRIVATE), "lunch"),
            "Invalid channel ID",
        ),
        (
            lambda team: actions.mark_topic(team.store, team.bob, team.channel_id(PUBLIC), "tea"),
            "No such topic 'tea'",
        ),
    ],
)
def test_what_is_refused(
    team: Team, told: Told, sent: dict[str, int], mark: Callable[[Team], bool], error: str
) -> None:
    with pytest.raises(ApiError) as raised:
        mark(team)
    assert str(raised.value) == error
    assert told.look() == []


# -- a window of a narrow


def update_narrow(
    team: Team, user: User, narrow: list[list[str]], window: Window, op: str = "add", flag: str = "read"
) -> dict[str, object]:
    return flag_actions.update_narrow(team.store, user, narrows.parse(narrow), window, op, flag)


def test_a_window_is_marked(team: Team, told: Told, sent: dict[str, int]) -> None:
    in_channel = [["channel", PUBLIC]]
    answer = update_narrow(team, team.bob, in_channel, Window(sent["LUNCH"], 0, 1))
    assert answer == {
        "processed_count": 2,
        "updated_count": 2,
        "first_processed_id": sent["LUNCH"],
        "last_processed_id": sent["dinner"],
        "found_oldest": False,
        "found_newest": False,
        "ignored_because_not_subscribed_channels": [],
    }
    assert unread_ids(team, team.bob) == [sent["lunch"], sent["private"], sent["direct"]]
    again = update_narrow(team, team.bob, in_channel, Window("oldest", 0, 100))
    assert (again["processed_count"], again["updated_count"]) == (3, 1)
    assert (again["found_oldest"], again["found_newest"]) == (True, True)


def test_a_window_in_which_there_is_nothing(team: Team, told: Told) -> None:
    answer = update_narrow(team, team.bob, [["channel", PUBLIC]], Window("newest", 10, 0))
    assert (answer["processed_count"], answer["first_processed_id"], answer["last_processed_id"]) == (
        0,
        None,
        None,
    )


def test_the_anchor_may_be_left_out(team: Team, sent: dict[str, int]) -> None:
    window = Window(sent["lunch"], 0, 1, include_anchor=False)
    assert update_narrow(team, team.bob, [["channel", PUBLIC]], window)["first_processed_id"] == sent["LUNCH"]


def test_nobody_marks_what_they_cannot_read(team: Team, told: Told, sent: dict[str, int]) -> None:
    answer = update_narrow(team, team.erin, [], Window("oldest", 0, 100), flag="starred")
    assert answer["processed_count"] == 0
    seen = update_narrow(team, team.erin, [["channel", PUBLIC]], Window("oldest", 0, 100), flag="starred")
    assert seen["updated_count"] == 3
    assert team.erin.id not in flags(team, sent["private"])
    assert flags(team, sent["lunch"])[team.erin.id] == Flag.READ | Flag.HISTORICAL | Flag.STARRED


@pytest.mark.parametrize(
    ("op", "name", "size", "error"),
    [
        ("toggle", "read", 1, "Invalid message flag operation: 'toggle'"),
        ("add", "mentioned", 1, "Flag not editable: 'mentioned'"),
        ("add", "read", 5001, "Too many messages requested (maximum 5000)."),
    ],
)
def test_a_window_that_is_refused(
    team: Team, told: Told, sent: dict[str, int], op: str, name: str, size: int, error: str
) -> None:
    with pytest.raises(ApiError) as raised:
        update_narrow(team, team.bob, [], Window("oldest", 0, size), op, name)
    assert str(raised.value) == error
    assert told.look() == []


def test_marked_unread_again_by_a_window(team: Team, told: Told, sent: dict[str, int]) -> None:
    actions.mark_all(team.store, team.bob)
    told.look()
    subscription_actions.unsubscribe(team.store, team.bob, [PRIVATE], [team.bob])
    told.look()
    update_narrow(team, team.bob, [], Window("oldest", 0, 100), op="remove")
    assert unread_ids(team, team.bob) == [sent[each] for each in ("lunch", "LUNCH", "dinner", "direct")]
    assert told.one()[0]["message_details"].keys() == {
        str(sent[each]) for each in ("lunch", "LUNCH", "dinner", "direct")
    }
