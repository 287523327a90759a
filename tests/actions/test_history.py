"""Reading: windows around anchors, narrows, and above all what somebody must not see."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions import flag as flag_actions
from appliance.actions import history
from appliance.actions.history import BEYOND_NEWEST, Window
from appliance.base.errors import ApiError, BadNarrow
from appliance.model import narrow as narrows
from appliance.model.message import Shape
from appliance.model.user import Role, User
from appliance.store import unread
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team
from tests.conftest import MakeUser

RAW = Shape(apply_markdown=False, empty_topic_name=True)
EVERYTHING = Window("newest", 1000, 0)


def fetch(team: Team, user: User, narrow: Any = (), window: Window = EVERYTHING) -> dict[str, Any]:
    return history.fetch(team.store, team.again(user), narrows.parse(list(narrow)), window, RAW)


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
            assert history.one(team.store, people[who], message_id).message.id == message_id
        else:
            with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
                history.one(team.store, people[who], message_id)


@who
def test_messages_by_id(team: Team, people: dict[str, User], sent: dict[str, int], who: str) -> None:
    found = history.fetch_ids(team.store, people[who], [*sent.values(), 999], RAW)["messages"]
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
        assert ids(team, people[who], ["with", sent[kind]]) == visible
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
                history.topics(team.store, people[who], team.channel_id(channel), RAW)
            continue
        expected = [{"name": "lunch", "max_id": sent[channel]}] if channel in READABLE[who] else []
        assert history.topics(team.store, people[who], team.channel_id(channel), RAW) == expected


def test_in_a_channel_one_has_joined_the_past_counts_as_read(
    team: Team, people: dict[str, User], sent: dict[str, int]
) -> None:
    [message] = fetch(team, people["carl, joined later"], [["channel", PRIVATE]])["messages"]
    assert message["flags"] == ["read", "historical"]


def test_an_archived_channel_shows_nothing(team: Team, sent: dict[str, int]) -> None:
    team.store.write(lambda t: t.execute("UPDATE channel SET is_archived = 1 WHERE name = ?", PUBLIC))
    assert sent[PUBLIC] not in ids(team, team.bob)
    with pytest.raises(ApiError, match="Invalid message"):
        history.one(team.store, team.bob, sent[PUBLIC])


# -- windows


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


# -- narrows


@pytest.fixture
def mixed(team: Team) -> dict[str, int]:
    found = {
        "lunch": team.send(team.ann, PUBLIC, "hello @**Bob**"),
        "LUNCH": team.send(team.bob, PUBLIC, "hello", "LUNCH"),
        "done": team.send(team.ann, PUBLIC, "hello", "✔ dinner"),
        "no topic": team.send(team.ann, PUBLIC, "@**all**", ""),
        "private": team.send(team.ann, PRIVATE, topic="plans"),
        "direct": team.write_to(team.ann, team.bob),
        "group": team.write_to(team.erin, team.ann, team.bob),
        "self": team.write_to(team.bob, team.bob),
    }
    flag_actions.update(team.store, team.bob, [found["lunch"], found["direct"]], "add", "read")
    flag_actions.update(team.store, team.bob, [found["done"]], "add", "starred")
    return found


def negated(operator: str, operand: Any) -> dict[str, Any]:
    return {"operator": operator, "operand": operand, "negated": True}


ALL = {"lunch", "LUNCH", "done", "no topic", "private", "direct", "group", "self"}


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ([["channel", "Public"]], {"lunch", "LUNCH", "done", "no topic"}),
        ([["stream", PUBLIC], ["topic", "Lunch"]], {"lunch", "LUNCH"}),
        ([["topic", "lunch"]], {"lunch", "LUNCH"}),
        ([["topic", ""]], {"no topic"}),
        ([["topic", "general chat"]], {"no topic"}),
        ([["sender", "ann@example.org"]], {"lunch", "done", "no topic", "private", "direct"}),
        ([["sender", "ERIN@example.org"]], {"group"}),
        ([["dm", "ann@example.org"]], {"direct"}),
        ([["pm-with", "ann@example.org"]], {"direct"}),
        ([["dm", "ann@example.org,erin@example.org"]], {"group"}),
        ([["dm", "bob@example.org"]], {"self"}),
        ([["dm", "olga@example.org"]], set()),
        ([["dm-including", "ann@example.org"]], {"direct", "group"}),
        ([["is", "dm"]], {"direct", "group", "self"}),
        ([["is", "private"]], {"direct", "group", "self"}),
        ([["is", "starred"]], {"done"}),
        ([["is", "mentioned"]], {"lunch", "no topic"}),
        ([["is", "unread"]], ALL - {"lunch", "direct"}),
        ([["is", "resolved"]], {"done"}),
        ([["is", "alerted"]], set()),
        ([["near", 1]], ALL),
        ([negated("channel", PUBLIC)], ALL - {"lunch", "LUNCH", "done", "no topic"}),
        ([negated("topic", "lunch")], ALL - {"lunch", "LUNCH"}),
        ([negated("sender", "ann@example.org")], {"LUNCH", "group", "self"}),
        ([negated("is", "dm")], {"lunch", "LUNCH", "done", "no topic", "private"}),
        ([negated("is", "unread")], {"lunch", "direct"}),
        ([negated("dm", "ann@example.org")], ALL - {"direct"}),
        ([["channel", PUBLIC], negated("is", "mentioned")], {"LUNCH", "done"}),
        ([["channel", PUBLIC], ["channel", PRIVATE]], set()),
    ],
)
def test_a_narrow(team: Team, mixed: dict[str, int], narrow: list[Any], expected: set[str]) -> None:
    assert set(ids(team, team.bob, *narrow)) == {mixed[name] for name in expected}


def test_people_may_be_named_by_id(team: Team, mixed: dict[str, int]) -> None:
    assert ids(team, team.bob, ["sender", team.erin.id]) == [mixed["group"]]
    assert ids(team, team.bob, ["dm", [team.ann.id]]) == [mixed["direct"]]
    assert ids(team, team.bob, ["dm", [team.erin.id, team.ann.id]]) == [mixed["group"]]
    assert ids(team, team.bob, ["dm-including", team.erin.id]) == [mixed["group"]]


def test_the_conversation_of_a_message(team: Team, mixed: dict[str, int]) -> None:
    assert ids(team, team.bob, ["with", mixed["lunch"]]) == [mixed["lunch"], mixed["LUNCH"]]
    assert ids(team, team.bob, ["with", mixed["direct"]]) == [mixed["direct"]]


def test_the_unread_narrow_agrees_with_what_is_unread(team: Team, mixed: dict[str, int]) -> None:
    with team.store.read() as reader:
        assert ids(team, team.bob, ["is", "unread"]) == unread.of_user(reader, team.bob.id, 100)


@pytest.mark.parametrize(
    ("term", "error"),
    [
        (["colour", "red"], "unknown operator 'colour'"),
        (["is", "purple"], "unknown 'is' operand purple"),
        (["is", ["dm"]], "unknown 'is' operand ['dm']"),
        (["channel", "nowhere"], "unknown channel nowhere"),
        (["channel", 999], "unknown channel 999"),
        (["sender", "nobody@example.org"], "unknown user nobody@example.org"),
        (["sender", 999], "unknown user 999"),
        (["dm", "nobody@example.org"], "unknown user nobody@example.org"),
        (["id", "x"], "'x' is not an ID"),
        (["id", None], "None is not an ID"),
        (["with", 999], "unknown message"),
        (["topic", 7], "topic operand is not a string"),
    ],
)
def test_narrows_that_are_refused(team: Team, term: list[Any], error: str) -> None:
    with pytest.raises(BadNarrow) as raised:
        ids(team, team.bob, term)
    assert str(raised.value) == f"Invalid narrow operator: {error}"
    assert raised.value.code == "BAD_NARROW"


@pytest.mark.parametrize("operand", [2**63, 10**30, -(2**63) - 1, 1e30, str(10**30), "9" * 5000])
@pytest.mark.parametrize("operator", ["channel", "sender", "dm", "dm-including", "id", "with"])
def test_numbers_that_no_id_can_have_are_refused(team: Team, operator: str, operand: Any) -> None:
    with pytest.raises(BadNarrow):
        ids(team, team.bob, [operator, [operand] if operator == "dm" else operand])


@pytest.mark.parametrize("operand", [{}, {"a": 1}, [], None, True, 1.5, ["x"], [[1]]])
@pytest.mark.parametrize("operator", ["channel", "topic", "sender", "dm", "dm-including", "id", "with", "is"])
def test_operands_of_any_kind_are_an_answer_or_an_api_error(team: Team, operator: str, operand: Any) -> None:
    try:
        found = ids(team, team.bob, [operator, operand])
    except ApiError as error:
        assert error.status == 400  # noqa: PT017 (an answer is as good)
    else:
        assert isinstance(found, list)
