"""What each operator of a narrow shows."""

from typing import Any

import pytest

from appliance.actions.message import flag as flag_actions
from appliance.actions.message import reaction
from appliance.actions.personal import alert_word, user_topic
from appliance.base.errors import ApiError, BadNarrow
from appliance.model.reaction import UNICODE, Emoji
from appliance.model.topic import Policy
from appliance.store import subscription as subscriptions
from appliance.store import unread
from appliance.store.connection import integers
from tests.actions.conftest import PRIVATE, PUBLIC, Team
from tests.actions.message.test_access import ids

HOLD = {"attachment": ("done", "direct"), "image": ("direct",), "link": ("lunch", "direct", "wish")}


@pytest.fixture
def mixed(team: Team) -> dict[str, int]:
    found = {
        "lunch": team.send(team.ann, PUBLIC, "hello @**Bob**"),
        "LUNCH": team.send(team.bob, PUBLIC, "hello", "LUNCH"),
        "done": team.send(team.ann, PUBLIC, "hello", "✔ dinner"),
        "no topic": team.send(team.ann, PUBLIC, "@**all**", ""),
        "private": team.send(team.ann, PRIVATE, topic="plans"),
        "wish": team.send(team.ann, PRIVATE, "Ärger about **pies**", "wishes"),
        "direct": team.write_to(team.ann, team.bob),
        "group": team.write_to(team.erin, team.ann, team.bob),
        "self": team.write_to(team.bob, team.bob, content="pie at lunch"),
    }
    flag_actions.update(team.store, team.bob, [found["lunch"], found["direct"]], "add", "read")
    flag_actions.update(team.store, team.bob, [found["done"]], "add", "starred")
    reaction.add(team.store, team.ann, found["group"], Emoji("+1", "1f44d", UNICODE))
    _choose(team, PUBLIC, {"lunch": Policy.MUTED, "✔ dinner": Policy.FOLLOWED})
    _choose(team, PRIVATE, {"wishes": Policy.UNMUTED})
    private = team.channel_id(PRIVATE)
    team.store.write(lambda t: subscriptions.set_property(t, private, team.bob.id, "is_muted", 1))
    for name, holders in HOLD.items():
        _mark(team, name, [found[each] for each in holders])
    return found


def _choose(team: Team, channel: str, policies: dict[str, Policy]) -> None:
    for topic, policy in policies.items():
        user_topic.choose(team.store, team.bob, team.channel_id(channel), topic, policy)


def _mark(team: Team, name: str, message_ids: list[int]) -> None:
    """Say that it is in them, whatever their text is."""
    sql = f"UPDATE message SET has_{name} = 1 WHERE id IN (SELECT value FROM carray(?))"
    team.store.write(lambda t: t.execute(sql, integers(message_ids)))


def negated(operator: str, operand: Any) -> dict[str, Any]:
    return {"operator": operator, "operand": operand, "negated": True}


DIRECT = {"direct", "group", "self"}
IN_PUBLIC = {"lunch", "LUNCH", "done", "no topic"}
ALL = {*IN_PUBLIC, "private", "wish", *DIRECT}
MUTED = {"lunch", "LUNCH", "private"}


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ([["channel", "Public"]], {"lunch", "LUNCH", "done", "no topic"}),
        ([["stream", PUBLIC], ["topic", "Lunch"]], {"lunch", "LUNCH"}),
        ([["topic", "lunch"]], {"lunch", "LUNCH"}),
        ([["topic", ""]], {"no topic"}),
        ([["topic", "general chat"]], {"no topic"}),
        ([["sender", "ann@example.org"]], {"lunch", "done", "no topic", "private", "wish", "direct"}),
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
        ([["is", "followed"]], {"done"}),
        ([["is", "muted"]], MUTED),
        ([["in", "home"]], ALL - MUTED),
        ([["in", "all"]], ALL),
        ([["channel", PRIVATE], ["in", "home"]], {"private", "wish"}),
        ([["channel", PUBLIC], ["in", "home"]], {"done", "no topic"}),
        ([["near", 1]], ALL),
        ([["has", "attachment"]], {"done", "direct"}),
        ([["has", "image"]], {"direct"}),
        ([["has", "link"]], {"lunch", "direct", "wish"}),
        ([["has", "reaction"]], {"group"}),
        ([["channels", "public"]], IN_PUBLIC),
        ([["streams", "public"]], IN_PUBLIC),
        ([["channels", "web-public"]], set()),
        ([["channels", "archived"]], set()),
        ([["group-pm-with", "ann@example.org"]], {"group"}),
        ([["group-pm-with", "olga@example.org"]], set()),
        ([["search", "hello"]], {"lunch", "LUNCH", "done", "private", "direct", "group"}),
        ([["search", "pie"]], {"wish", "self"}),
        ([["search", "PIES arger"]], {"wish"}),
        ([["search", "pie lunch"]], {"self"}),
        ([["search", '"pies about"']], set()),
        ([["search", "dinner"]], {"done"}),
        ([["search", "pie"], ["search", "wish"]], {"wish"}),
        ([["search", "pie"], ["is", "dm"]], {"self"}),
        ([["search", "pie"], ["channel", PRIVATE]], {"wish"}),
        ([["search", "🎉"]], set()),
        ([["search", ""]], set()),
        ([negated("channel", PUBLIC)], ALL - IN_PUBLIC),
        ([negated("topic", "lunch")], ALL - {"lunch", "LUNCH"}),
        ([negated("sender", "ann@example.org")], {"LUNCH", "group", "self"}),
        ([negated("is", "dm")], ALL - DIRECT),
        ([negated("is", "followed")], ALL - {"done"}),
        ([negated("is", "muted")], ALL - MUTED),
        ([negated("in", "home")], MUTED),
        ([negated("in", "all")], ALL),
        ([negated("near", 1)], ALL),
        ([negated("has", "link")], ALL - {"lunch", "direct", "wish"}),
        ([negated("has", "reaction")], ALL - {"group"}),
        ([negated("channels", "public")], ALL - IN_PUBLIC),
        ([negated("group-pm-with", "ann@example.org")], ALL - {"group"}),
        ([negated("search", "pie")], ALL - {"wish", "self"}),
        ([negated("search", "🎉")], ALL),
        ([["search", "pie"], negated("search", "lunch")], {"wish"}),
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
    lunch = [mixed["lunch"], mixed["LUNCH"]]
    assert ids(team, team.bob, ["with", mixed["lunch"]]) == lunch
    assert ids(team, team.bob, ["with", str(mixed["direct"])]) == [mixed["direct"]]
    assert ids(team, team.bob, ["with", mixed["no topic"]]) == [mixed["no topic"]]
    assert ids(team, team.bob, ["with", mixed["group"]], ["sender", team.ann.id]) == []


def test_where_a_message_is_counts_more_than_where_a_link_says(team: Team, mixed: dict[str, int]) -> None:
    lunch = [mixed["lunch"], mixed["LUNCH"]]
    link = [["channel", PRIVATE], ["topic", "plans"]]
    assert ids(team, team.bob, *link, ["with", mixed["lunch"]]) == lunch
    assert ids(team, team.bob, ["dm", [team.ann.id]], ["with", mixed["lunch"]]) == lunch
    assert ids(team, team.bob, *link, ["with", 999]) == [mixed["private"]]
    assert ids(team, team.bob, ["dm", [team.ann.id]], ["with", 999]) == [mixed["direct"]]
    with pytest.raises(BadNarrow, match="unknown message"):
        ids(team, team.bob, ["channel", PRIVATE], ["with", 999])


def test_channels_show_also_what_somebody_did_not_get(team: Team, mixed: dict[str, int]) -> None:
    in_public = [mixed[each] for each in ("lunch", "LUNCH", "done", "no topic")]
    assert ids(team, team.erin, ["channels", "public"]) == in_public
    assert ids(team, team.erin, ["channels", "public"], ["search", "hello"]) == in_public[:3]
    assert ids(team, team.erin, ["search", "hello"]) == [mixed["group"]]
    assert ids(team, team.gwen, ["channels", "public"]) == []


def test_states_are_those_of_messages_that_one_got(team: Team, mixed: dict[str, int]) -> None:
    for state in ("unread", "starred", "mentioned", "alerted"):
        assert ids(team, team.erin, ["channel", PUBLIC], ["is", state]) == []
        assert ids(team, team.erin, ["channel", PUBLIC], negated("is", state)) == []
    assert ids(team, team.erin, ["channel", PUBLIC], ["is", "resolved"]) == [mixed["done"]]
    assert len(ids(team, team.erin, ["channel", PUBLIC], negated("is", "followed"))) == 4


def test_words_that_alert_somebody(team: Team) -> None:
    alert_word.add(team.store, team.bob, ["Pie"])
    message_id = team.send(team.ann, PUBLIC, "a pie!")
    assert ids(team, team.bob, ["is", "alerted"]) == [message_id]
    assert ids(team, team.ann, ["is", "alerted"]) == []


def test_archived_channels(team: Team, mixed: dict[str, int]) -> None:
    private = team.channel_id(PRIVATE)
    team.store.write(lambda t: t.execute("UPDATE channel SET is_archived = 1 WHERE id = ?", private))
    inside = [mixed["private"], mixed["wish"]]
    assert ids(team, team.bob, ["channels", "archived"]) == inside
    assert ids(team, team.bob, ["channel", private]) == inside
    assert set(ids(team, team.bob, negated("channels", "archived"))) == {*mixed.values()} - {*inside}
    assert ids(team, team.erin, ["channels", "archived"]) == []
    with pytest.raises(BadNarrow):
        ids(team, team.erin, ["channel", private])


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
        (["has", "colour"], "unknown 'has' operand colour"),
        (["in", "search"], "unknown 'in' operand search"),
        (["channels", "private"], "unknown 'channels' operand private"),
        (["search", 7], "search operand is not a string"),
        (["search", "a " * 51], "search for more than 50 words"),
        (["group-pm-with", "nobody@example.org"], "unknown user nobody@example.org"),
        (negated("with", 1), "'with' cannot be negated"),
    ],
)
def test_narrows_that_are_refused(team: Team, term: Any, error: str) -> None:
    with pytest.raises(BadNarrow) as raised:
        ids(team, team.bob, term)
    assert str(raised.value) == f"Invalid narrow operator: {error}"
    assert raised.value.code == "BAD_NARROW"


def test_one_message_names_the_conversation(team: Team, mixed: dict[str, int]) -> None:
    with pytest.raises(BadNarrow) as raised:
        ids(team, team.bob, ["with", mixed["lunch"]], ["with", mixed["lunch"]])
    assert str(raised.value) == "Invalid narrow operator: Duplicate 'with' operators."


@pytest.mark.parametrize("operand", [2**63, 10**30, -(2**63) - 1, 1e30, str(10**30), "9" * 5000])
@pytest.mark.parametrize("operator", ["channel", "sender", "dm", "dm-including", "id", "with"])
def test_numbers_that_no_id_can_have_are_refused(team: Team, operator: str, operand: Any) -> None:
    with pytest.raises(BadNarrow):
        ids(team, team.bob, [operator, [operand] if operator == "dm" else operand])


OPERATORS = (
    "channel", "channels", "topic", "sender", "dm", "dm-including", "group-pm-with", "id", "near", "has",
    "in", "is", "search", "with",
)  # fmt: skip


@pytest.mark.parametrize("operand", [{}, {"a": 1}, [], None, True, 1.5, ["x"], [[1]]])
@pytest.mark.parametrize("operator", OPERATORS)
def test_operands_of_any_kind_are_an_answer_or_an_api_error(team: Team, operator: str, operand: Any) -> None:
    try:
        found = ids(team, team.bob, [operator, operand])
    except ApiError as error:
        assert error.status == 400  # noqa: PT017 (an answer is as good)
    else:
        assert isinstance(found, list)
