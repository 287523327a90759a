"""Reading, and above all what somebody must not see."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.message import access as history
from appliance.actions.message import flag as flag_actions
from appliance.actions.search import page as search
from appliance.actions.search.page import Window
from appliance.base.errors import ApiError, BadNarrow
from appliance.model import narrow as narrows
from appliance.model.message import Shape
from appliance.model.user import Role, User
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, read_one
from tests.conftest import MakeUser

RAW = Shape(apply_markdown=False, empty_topic_name=True)
EVERYTHING = Window("newest", 1000, 0)


def fetch(team: Team, user: User, narrow: Any = (), window: Window = EVERYTHING) -> dict[str, Any]:
    return search.fetch(team.store, team.again(user), narrows.parse(list(narrow)), window, RAW)


def ids(team: Team, user: User, *narrow: Any) -> list[int]:
    return [message["id"] for message in fetch(team, user, narrow)["messages"]]


# -- who may read what


@pytest.fixture
def people(team: Team, make_user: MakeUser) -> dict[str, User]:
    """How each came to the channels, relative to the messages in `sent`."""
    cast = {
        "bob, in all": team.bob,
        "carl, joined later": make_user("Carl"),
        "dave, left": make_user("Dave"),
        "erin, in none": team.erin,
        "olga, owner in none": team.olga,
        "gwen, guest in none": team.gwen,
        "gus, guest joined later": make_user("Gus", role=Role.GUEST),
        "gina, guest left": make_user("Gina", role=Role.GUEST),
    }
    for channel in (PUBLIC, PRIVATE, PROTECTED):
        team.join(channel, cast["dave, left"], cast["gina, guest left"])
    return cast


@pytest.fixture
def sent(team: Team, people: dict[str, User]) -> dict[str, int]:
    found = {channel: team.send(team.ann, channel) for channel in (PUBLIC, PRIVATE, PROTECTED)}
    found["direct"] = team.write_to(team.ann, team.bob)
    for channel in (PUBLIC, PRIVATE, PROTECTED):
        team.join(channel, people["carl, joined later"], people["gus, guest joined later"])
        team.leave(channel, people["dave, left"], people["gina, guest left"])
    return found


READABLE = {
    "bob, in all": {PUBLIC, PRIVATE, PROTECTED, "direct"},
    "carl, joined later": {PUBLIC, PRIVATE},
    "dave, left": {PUBLIC},
    "erin, in none": {PUBLIC},
    "olga, owner in none": {PUBLIC},
    "gwen, guest in none": set[str](),
    "gus, guest joined later": {PUBLIC, PRIVATE},
    "gina, guest left": set[str](),
}
# Of these, what was sent to them: what they see without a narrow to a channel.
RECEIVED = {"bob, in all": {PUBLIC, PRIVATE, PROTECTED, "direct"}, "dave, left": {PUBLIC}}

# Channels that they know of, though they may not read them.
SEEN = {
    **READABLE,
    "carl, joined later": {PUBLIC, PRIVATE, PROTECTED},
    "olga, owner in none": {PUBLIC, PRIVATE, PROTECTED},
    "gus, guest joined later": {PUBLIC, PRIVATE, PROTECTED},
}

who = pytest.mark.parametrize("who", READABLE)


@who
def test_one_message(team: Team, people: dict[str, User], sent: dict[str, int], who: str) -> None:
    for kind, message_id in sent.items():
        if kind in READABLE[who]:
            assert read_one(team.store, people[who], message_id).message.id == message_id
        else:
            with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
                read_one(team.store, people[who], message_id)


@who
def test_messages_by_id(team: Team, people: dict[str, User], sent: dict[str, int], who: str) -> None:
    found = search.fetch_ids(team.store, people[who], [], [*sent.values(), 999], RAW)["messages"]
    assert {message["id"] for message in found} == {sent[kind] for kind in READABLE[who]}


@who
def test_flags_can_be_set_on_what_one_may_read(
    team: Team, people: dict[str, User], sent: dict[str, int], who: str
) -> None:
    for kind, message_id in sent.items():
        if kind in READABLE[who]:
            flag_actions.update(team.store, people[who], [message_id], "add", "starred")
        else:
            with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
                flag_actions.update(team.store, people[who], [message_id], "add", "starred")


UNNARROWED: dict[str, Callable[[Team, dict[str, int]], list[Any]]] = {
    "nothing": lambda team, sent: [],
    "the sender": lambda team, sent: [["sender", "ann@example.org"]],
    "what is not starred": lambda team, sent: [{"operator": "is", "operand": "starred", "negated": True}],
    "no channel of that name": lambda team, sent: [{"operator": "topic", "operand": "x", "negated": True}],
    "near one": lambda team, sent: [["near", sent["direct"]]],
}


@who
@pytest.mark.parametrize("narrow", UNNARROWED.values(), ids=UNNARROWED)
def test_all_messages_are_those_that_one_received_and_may_still_read(
    team: Team,
    people: dict[str, User],
    sent: dict[str, int],
    who: str,
    narrow: Callable[[Team, dict[str, int]], list[Any]],
) -> None:
    expected = sorted(sent[kind] for kind in RECEIVED.get(who, ()))
    assert ids(team, people[who], *narrow(team, sent)) == expected


@who
@pytest.mark.parametrize("channel", [PUBLIC, PRIVATE, PROTECTED])
@pytest.mark.parametrize("by", ["name", "id"])
def test_a_channel_shows_what_one_may_read_in_it(
    team: Team, people: dict[str, User], sent: dict[str, int], who: str, channel: str, by: str
) -> None:
    operand = channel if by == "name" else team.channel_id(channel)
    if channel not in SEEN[who]:
        with pytest.raises(BadNarrow, match=f"^Invalid narrow operator: unknown channel {operand}$"):
            ids(team, people[who], ["channel", operand])
        return
    expected = [sent[channel]] if channel in READABLE[who] else []
    assert ids(team, people[who], ["channel", operand]) == expected


@who
@pytest.mark.parametrize("kind", [PUBLIC, PRIVATE, PROTECTED, "direct"])
def test_a_narrow_to_one_message_shows_no_more(
    team: Team, people: dict[str, User], sent: dict[str, int], who: str, kind: str
) -> None:
    visible = [sent[kind]] if kind in RECEIVED.get(who, ()) else []
    assert ids(team, people[who], ["id", sent[kind]]) == visible
    if kind in READABLE[who]:
        assert ids(team, people[who], ["with", sent[kind]]) == [sent[kind]]  # as a narrow to its topic
    else:
        with pytest.raises(BadNarrow, match="unknown message"):
            ids(team, people[who], ["with", sent[kind]])


@who
def test_topics_name_only_what_one_may_read(
    team: Team, people: dict[str, User], sent: dict[str, int], who: str
) -> None:
    for channel in (PUBLIC, PRIVATE, PROTECTED):
        if channel not in SEEN[who]:
            with pytest.raises(ApiError, match=r"^Invalid channel ID$"):
                search.topics(team.store, people[who], team.channel_id(channel), RAW)
            continue
        expected = [{"name": "lunch", "max_id": sent[channel]}] if channel in READABLE[who] else []
        assert search.topics(team.store, people[who], team.channel_id(channel), RAW) == expected


def test_in_a_channel_one_has_joined_the_past_counts_as_read(
    team: Team, people: dict[str, User], sent: dict[str, int]
) -> None:
    [message] = fetch(team, people["carl, joined later"], [["channel", PRIVATE]])["messages"]
    assert message["flags"] == ["read", "historical"]


def test_an_archived_channel_is_there_to_be_read_and_for_nothing_else(
    team: Team, sent: dict[str, int]
) -> None:
    team.store.write(lambda t: t.execute("UPDATE channel SET is_archived = 1 WHERE name = ?", PUBLIC))
    assert sent[PUBLIC] in ids(team, team.bob)
    assert history.fetch_one(team.store, team.bob, sent[PUBLIC], RAW)["message"]["id"] == sent[PUBLIC]
    assert search.fetch_ids(team.store, team.bob, [], [sent[PUBLIC]], RAW)["messages"]
    with pytest.raises(ApiError, match="Invalid message"):
        read_one(team.store, team.bob, sent[PUBLIC])
