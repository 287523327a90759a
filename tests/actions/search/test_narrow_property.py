"""Whatever is asked: an answer, or a refusal in the API's form; and nothing that the asker may not read."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.actions.message import access as history
from appliance.actions.search import page as search
from appliance.actions.search.page import Window
from appliance.base.errors import ApiError
from appliance.model import narrow as narrows
from appliance.model.user import User
from appliance.store import message as messages
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team
from tests.actions.message.test_access import RAW

# The team is only read.
PLAY = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
OPERANDS: dict[str, list[Any]] = {
    "channel": [PUBLIC, PRIVATE, PROTECTED, 1, 2, "nowhere"],
    "channels": ["public", "web-public", "archived"],
    "topic": ["lunch", "LUNCH", "", "✔ dinner", "general chat"],
    "sender": ["ann@example.org", "bob@example.org", 3, "nobody@example.org"],
    "dm": ["ann@example.org", "bob@example.org,erin@example.org", [3], [3, 4], []],
    "dm-including": ["ann@example.org", 4],
    "group-pm-with": ["ann@example.org", 5],
    "id": [1, 2, "3", 999],
    "near": [1, "x"],
    "has": ["attachment", "image", "link", "reaction"],
    "in": ["home", "all"],
    "is": ["dm", "starred", "unread", "mentioned", "alerted", "resolved", "followed", "muted"],
    "search": ["hello", "pie", '"hello pie"', "東", "", '"', "a OR NEAR(b)"],
    "with": [1, 5, 999],
}
GOOD = st.sampled_from([(operator, each) for operator, listed in OPERANDS.items() for each in listed])
TERM = st.builds(
    lambda term, negated: {"operator": term[0], "operand": term[1], "negated": negated}, GOOD, st.booleans()
)
TEXT = st.text() | st.sampled_from(["\0", "\ud800", "x" * 100_000, '"' * 1_000, "\u202eRTL", "9" * 50])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
ODD = st.one_of(
    st.tuples(st.sampled_from([*OPERANDS, "x"]), ANYTHING).map(list),
    st.fixed_dictionaries({}, optional={"operator": ANYTHING, "operand": ANYTHING, "negated": ANYTHING}),
    ANYTHING,
)
WINDOW = st.builds(
    Window,
    st.sampled_from(["newest", "oldest", "first_unread"]) | st.integers(-5, 20),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
)


@pytest.fixture
def town(team: Team) -> Team:
    for channel in (PUBLIC, PRIVATE, PROTECTED):
        team.send(team.ann, channel, "hello pie")
        team.send(team.bob, channel, "東京 @**Ann**", "✔ dinner")
    team.write_to(team.ann, team.bob)
    team.write_to(team.erin, team.ann, team.bob, content="pie")
    team.leave(PROTECTED, team.bob)
    team.join(PRIVATE, team.erin)
    team.send(team.ann, PROTECTED, "pie", "")
    return team


def people(team: Team) -> list[User]:
    return [team.olga, team.ann, team.bob, team.erin, team.gwen]


def ask(team: Team, user: User, narrow: Any, window: Window) -> list[int]:
    terms = narrows.parse(narrow)
    return [each["id"] for each in search.fetch(team.store, user, terms, window, RAW)["messages"]]


@PLAY
@given(narrow=ANYTHING | st.lists(ODD | TERM, max_size=4), window=WINDOW)
def test_any_narrow_is_answered_or_refused(town: Team, narrow: Any, window: Window) -> None:
    try:
        ask(town, town.bob, narrow, window)
    except ApiError as error:
        assert error.status == 400  # noqa: PT017 (an answer is as good)


@PLAY
@given(narrow=st.lists(TERM, max_size=4), window=WINDOW, number=st.integers(0, 4))
def test_nothing_is_shown_that_one_may_not_read(
    town: Team, narrow: Any, window: Window, number: int
) -> None:
    user = people(town)[number]
    try:
        shown = ask(town, user, narrow, window)
    except ApiError:
        return
    with town.store.read() as reader:
        allowed = history.readable(reader, user, messages.with_ids(reader, user.id, shown), archived=True)
    assert [each.message.id for each in allowed] == shown
    assert len(shown) <= window.num_before + window.num_after + 1


ALL = Window("oldest", 0, 100)
WHOLE = ("topic", "sender", "dm-including", "group-pm-with", "id", "has", "is", "search")


@PLAY
@given(term=GOOD.filter(lambda term: term[0] in WHOLE), number=st.integers(0, 4))
def test_a_term_and_its_opposite_are_everything(town: Team, term: tuple[str, Any], number: int) -> None:
    user = people(town)[number]
    one = {"operator": term[0], "operand": term[1]}
    try:
        parts = [ask(town, user, [{**one, "negated": each}], ALL) for each in (False, True)]
    except ApiError:
        return
    assert sorted(parts[0] + parts[1]) == ask(town, user, [], ALL)


@PLAY
@given(narrow=st.lists(TERM, max_size=3), before=st.integers(0, 12), after=st.integers(0, 12))
def test_windows_are_parts_of_the_whole(town: Team, narrow: Any, before: int, after: int) -> None:
    try:
        everything = ask(town, town.ann, narrow, ALL)
    except ApiError:
        return
    for anchor in everything:
        place = everything.index(anchor)
        part = everything[max(0, place - before) : place + after + 1]
        assert ask(town, town.ann, narrow, Window(anchor, before, after)) == part
