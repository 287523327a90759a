"""Settings with which newcomers begin."""

from typing import Any

import pytest

from appliance.actions.user import default as actions
from appliance.base.errors import ApiError, NotAllowed
from appliance.model.user import HIDDEN_DOMAIN
from appliance.store import realm as realms
from tests.actions.conftest import Team, Told
from tests.conftest import MakeUser


def test_newcomers_begin_with_them_and_others_keep_theirs(
    team: Team, told: Told, make_user: MakeUser
) -> None:
    actions.change(team.store, team.olga, {"twenty_four_hour_time": True, "color_scheme": 2})
    told.look()
    new = make_user("New")
    assert (new.setting("twenty_four_hour_time"), new.setting("color_scheme")) == (True, 2)
    assert not team.again(team.ann).setting("twenty_four_hour_time")


def test_what_changes_is_told_to_all(team: Team, told: Told) -> None:
    actions.change(team.store, team.olga, {"color_scheme": 2, "enter_sends": False})
    event, users = told.one()
    assert event == {
        "type": "realm_user_settings_defaults",
        "op": "update",
        "property": "color_scheme",
        "value": 2,
    }
    assert len(users) == 5


def test_newcomers_addresses_are_hidden_from_the_first(team: Team, told: Told, make_user: MakeUser) -> None:
    actions.change(team.store, team.olga, {"email_address_visibility": 3})
    told.look()
    new = make_user("New")
    added = [(event["person"], users) for event, users in told.look() if event["type"] == "realm_user"]
    assert new.email == f"user{new.id}@{HIDDEN_DOMAIN}"
    for person, users in added[:2]:
        assert person["email"] == new.email
        assert (person["delivery_email"] is None) is (team.ann.id in users)


def test_bots_begin_with_the_servers(team: Team, make_user: MakeUser) -> None:
    actions.change(team.store, team.olga, {"enter_sends": True})
    assert make_user("Robot", is_bot=True).settings == {}


@pytest.mark.parametrize(
    ("changes", "msg"),
    [
        ({"frob": 1}, "Unknown setting: frob"),
        ({"timezone": "UTC"}, "Unknown setting: timezone"),
        ({"enter_sends": True, "color_scheme": 9}, "Invalid color_scheme"),
    ],
)
def test_nothing_bad(team: Team, told: Told, changes: dict[str, Any], msg: str) -> None:
    with pytest.raises(ApiError, match=msg):
        actions.change(team.store, team.olga, changes)
    assert told.look() == []
    with team.store.read() as reader:
        assert realms.get(reader).user_defaults == {}


def test_only_by_administrators(team: Team) -> None:
    with pytest.raises(NotAllowed):
        actions.change(team.store, team.ann, {"enter_sends": True})
