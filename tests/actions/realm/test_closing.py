"""Closing the organization and opening it again."""

import pytest

from appliance.actions.realm import closing
from appliance.actions.user import session as sessions
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApiError, CommandError
from appliance.store import realm as realms
from tests.actions.conftest import Team, Told
from tests.conftest import MovableClock


def is_closed(team: Team) -> bool:
    with team.store.read() as reader:
        return realms.is_deactivated(reader) and realms.get(reader).is_deactivated


def test_everybody_is_told_and_signed_out(team: Team, told: Told, clock: MovableClock) -> None:
    token = sessions.begin(team.store, team.ann)
    closing.deactivate(team.store, team.olga)
    event, users = told.one()
    assert event == {"type": "realm", "op": "deactivated", "realm_id": 1}
    assert users == [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]
    assert sessions.user_of(team.store, token, clock.now()) is None
    assert is_closed(team)
    with pytest.raises(ApiError) as raised:
        sessions.begin(team.store, team.ann)
    assert (raised.value.status, raised.value.code) == (401, "REALM_DEACTIVATED")


def test_only_owners_close_it(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match="owner"):
        closing.deactivate(team.store, team.ann)
    assert not is_closed(team)
    assert told.look() == []


def test_all_is_as_it_was_when_it_is_open_again(team: Team) -> None:
    team.set_realm(mandatory_topics=True)
    closing.deactivate(team.store, team.olga)
    closing.reactivate(team.store)
    assert not is_closed(team)
    with team.store.read() as reader:
        assert realms.get(reader).settings == {"mandatory_topics": True}
    setting_actions.change(team.store, team.ann, {"twenty_four_hour_time": True})


def test_what_is_open_is_not_opened(team: Team) -> None:
    with pytest.raises(CommandError, match="is not deactivated"):
        closing.reactivate(team.store)
