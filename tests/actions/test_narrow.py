"""What each operator of a narrow shows."""

from typing import Any

import pytest

from appliance.actions import flag as flag_actions
from appliance.base.errors import ApiError, BadNarrow
from appliance.store import unread
from tests.actions.conftest import PRIVATE, PUBLIC, Team
from tests.actions.test_history import ids


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
