"""Settings are stored all or none, and told in the form that each client knows."""

from typing import Any

import pytest

from appliance.actions.user import setting as actions
from appliance.base.errors import ApiError
from appliance.model.user import public
from tests.actions.conftest import Team, Told


@pytest.mark.parametrize(
    ("name", "value", "legacy"),
    [
        (
            "enable_sounds",
            False,
            {"type": "update_global_notifications", "notification_name": "enable_sounds", "setting": False},
        ),
        (
            "twenty_four_hour_time",
            True,
            {"type": "update_display_settings", "setting_name": "twenty_four_hour_time", "setting": True},
        ),
        ("send_read_receipts", False, None),
    ],
)
def test_a_setting_is_stored_and_told(
    team: Team, told: Told, name: str, value: Any, legacy: dict[str, Any] | None
) -> None:
    actions.change(team.store, team.bob, {name: value})
    assert team.again(team.bob).setting(name) == value
    seen = told.look()
    assert seen[0] == (
        {"type": "user_settings", "op": "update", "property": name, "value": value},
        [team.bob.id],
    )
    assert seen[1:] == ([] if legacy is None else [({**legacy, "user": team.bob.email}, [team.bob.id])])


def test_a_language_is_told_with_its_own_name(team: Team, told: Told) -> None:
    actions.change(team.store, team.bob, {"default_language": "de"})
    assert [(event["type"], event["language_name"]) for event, _ in told.look()] == [
        ("user_settings", "Deutsch"),
        ("update_display_settings", "Deutsch"),
    ]


def test_everybody_sees_a_time_zone(team: Team, told: Told) -> None:
    actions.change(team.store, team.bob, {"timezone": "Asia/Tokyo"})
    event, users = told.one("realm_user")
    assert event["person"] == {"user_id": team.bob.id, "email": team.bob.email, "timezone": "Asia/Tokyo"}
    assert users == [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]


def test_one_bad_value_changes_none(team: Team, told: Told) -> None:
    with pytest.raises(ApiError, match="enable_sounds is not a boolean"):
        actions.change(team.store, team.bob, {"twenty_four_hour_time": True, "enable_sounds": "yes"})
    assert team.again(team.bob).setting("twenty_four_hour_time") is False
    assert told.look() == []


def test_changes_add_up(team: Team) -> None:
    actions.change(team.store, team.bob, {"enable_sounds": False})
    actions.change(team.store, team.bob, {"enter_sends": True})
    assert team.again(team.bob).settings == {"enable_sounds": False, "enter_sends": True}


def test_a_time_zone_is_shown_to_others(team: Team) -> None:
    actions.change(team.store, team.bob, {"timezone": "Europe/Berlin"})
    assert public(team.again(team.bob))["timezone"] == "Europe/Berlin"
