"""Linkifiers: who keeps them, in which order, and what everybody is told."""

from collections.abc import Callable

import pytest

from appliance.actions.realm import linkifier as actions
from appliance.base.errors import ApiError
from appliance.model.linkifier import MOST, Linkifier
from appliance.store import linkifier as linkifiers
from tests.actions.conftest import Team, Told

BUG, PULL = "#(?P<id>[0-9]+)", "!(?P<id>[0-9]+)"
TEMPLATE = "https://bugs.example.org/{id}"


def listed(team: Team) -> list[tuple[int, str]]:
    with team.store.read() as reader:
        return [(each.id, each.pattern) for each in linkifiers.everything(reader)]


def refusal(attempt: Callable[[], object]) -> str:
    with pytest.raises(ApiError) as raised:
        attempt()
    return raised.value.msg


def test_they_are_told_to_everybody_in_their_order(team: Team, told: Told) -> None:
    first = actions.add(team.store, team.olga, BUG, TEMPLATE)
    second = actions.add(team.store, team.olga, PULL, TEMPLATE)
    told.look()
    actions.reorder(team.store, team.olga, [second, first])
    event, users = told.one()
    assert event == {
        "type": "realm_linkifiers",
        "realm_linkifiers": [
            {"id": second, "pattern": PULL, "url_template": TEMPLATE},
            {"id": first, "pattern": BUG, "url_template": TEMPLATE},
        ],
    }
    assert len(users) == 5


def test_a_new_one_comes_last_even_after_others_went(team: Team) -> None:
    first = actions.add(team.store, team.olga, BUG, TEMPLATE)
    second = actions.add(team.store, team.olga, PULL, TEMPLATE)
    actions.reorder(team.store, team.olga, [second, first])
    actions.remove(team.store, team.olga, second)
    third = actions.add(team.store, team.olga, PULL, TEMPLATE)
    assert listed(team) == [(first, BUG), (third, PULL)]


def test_one_can_be_changed(team: Team, told: Told) -> None:
    made = actions.add(team.store, team.olga, BUG, TEMPLATE)
    told.look()
    actions.change(team.store, team.olga, Linkifier(made, BUG, "https://other.example.org/{id}"))
    event, _ = told.one()
    assert event["realm_linkifiers"][0]["url_template"] == "https://other.example.org/{id}"


def test_a_pattern_stands_once(team: Team) -> None:
    actions.add(team.store, team.olga, BUG, TEMPLATE)
    other = actions.add(team.store, team.olga, PULL, TEMPLATE)
    taken = "There is a linkifier with this pattern already."
    assert refusal(lambda: actions.add(team.store, team.olga, BUG, TEMPLATE)) == taken
    assert refusal(lambda: actions.change(team.store, team.olga, Linkifier(other, BUG, TEMPLATE))) == taken


def test_what_does_not_exist_is_not_found(team: Team, told: Told) -> None:
    assert refusal(lambda: actions.remove(team.store, team.olga, 7)) == "Linkifier not found."
    wanted = Linkifier(7, BUG, TEMPLATE)
    assert refusal(lambda: actions.change(team.store, team.olga, wanted)) == "Linkifier not found."
    assert told.look() == []


@pytest.mark.parametrize("order", [[], [1], [1, 1], [1, 2, 3], [1, 3]])
def test_an_order_names_each_once(team: Team, order: list[int]) -> None:
    actions.add(team.store, team.olga, BUG, TEMPLATE)
    actions.add(team.store, team.olga, PULL, TEMPLATE)
    said = "ordered_linkifier_ids must have each linkifier's id once"
    assert refusal(lambda: actions.reorder(team.store, team.olga, order)) == said


def test_there_are_so_many_at_most(team: Team) -> None:
    for number in range(MOST):
        team.store.write(lambda t, number=number: linkifiers.add(t, f"x{number}", TEMPLATE))  # type: ignore[misc]
    assert f"{MOST}" in refusal(lambda: actions.add(team.store, team.olga, BUG, TEMPLATE))


def test_only_administrators_keep_them(team: Team, told: Told) -> None:
    said = "Must be an organization administrator"
    assert refusal(lambda: actions.add(team.store, team.ann, BUG, TEMPLATE)) == said
    assert refusal(lambda: actions.change(team.store, team.ann, Linkifier(1, BUG, TEMPLATE))) == said
    assert refusal(lambda: actions.remove(team.store, team.ann, 1)) == said
    assert refusal(lambda: actions.reorder(team.store, team.ann, [])) == said
    assert told.look() == []
