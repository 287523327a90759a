"""Playgrounds: who keeps them, and what everybody is told."""

import pytest

from appliance.actions.realm import playground as actions
from appliance.base.errors import ApiError
from appliance.model.playground import MOST, Playground
from appliance.store import playground as playgrounds
from tests.actions.conftest import Team, Told

TRY = Playground(0, "Try", "Python", "https://play.example.org/{code}")


def test_adding_and_removing_is_told_to_everybody(team: Team, told: Told) -> None:
    made = actions.add(team.store, team.olga, TRY)
    event, users = told.one()
    shown = {"id": made, "name": "Try", "pygments_language": "Python", "url_template": TRY.url_template}
    assert event == {"type": "realm_playgrounds", "realm_playgrounds": [shown]}
    assert len(users) == 5
    actions.remove(team.store, team.olga, made)
    assert told.one()[0] == {"type": "realm_playgrounds", "realm_playgrounds": []}


def test_a_name_stands_once_for_a_language(team: Team) -> None:
    actions.add(team.store, team.olga, TRY)
    actions.add(team.store, team.olga, Playground(0, "Try", "C", TRY.url_template))
    with pytest.raises(ApiError, match="already"):
        actions.add(team.store, team.olga, TRY)


def test_there_are_so_many_at_most(team: Team) -> None:
    def fill(transaction: object) -> None:
        for number in range(MOST):
            playgrounds.add(transaction, Playground(0, f"{number}", "C", TRY.url_template))  # type: ignore[arg-type]

    team.store.write(fill)
    with pytest.raises(ApiError, match=f"{MOST}"):
        actions.add(team.store, team.olga, TRY)


def test_one_that_is_not_there_cannot_be_removed(team: Team) -> None:
    with pytest.raises(ApiError, match="Invalid playground"):
        actions.remove(team.store, team.olga, 7)


def test_only_administrators_keep_them(team: Team, told: Told) -> None:
    for attempt in (
        lambda: actions.add(team.store, team.ann, TRY),
        lambda: actions.remove(team.store, team.ann, 1),
    ):
        with pytest.raises(ApiError, match="administrator"):
            attempt()
    assert told.look() == []
