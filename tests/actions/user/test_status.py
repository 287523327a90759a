"""What people say of themselves."""

from typing import Any

import pytest

from appliance.actions.user import setting as settings
from appliance.actions.user import status as actions
from appliance.base.errors import ApiError
from appliance.model import reaction
from appliance.model import user_status as model
from appliance.model.reaction import Emoji
from tests.actions.conftest import Team, Told

TADA = {"emoji_name": "tada", "emoji_code": "1f389", "reaction_type": "unicode_emoji"}


def say(team: Team, text: str | None = None, name: str | None = None, away: bool | None = None) -> None:
    change = model.check(text, model.emoji(name, None, None, reaction.named), away)
    actions.change(team.store, team.again(team.ann), change)


def status(team: Team) -> dict[str, Any]:
    with team.store.read() as reader:
        return actions.of_user(reader, team.ann, team.ann.id)


def test_everybody_is_told_what_was_said(team: Team, told: Told) -> None:
    say(team, "  busy ", "tada")
    everybody = [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]
    assert told.look() == [
        ({"type": "user_status", "user_id": team.ann.id, "status_text": "busy", **TADA}, everybody)
    ]
    assert status(team) == {"status_text": "busy", **TADA}


@pytest.mark.parametrize(
    ("emoji", "msg"),
    [
        (Emoji("smile", "1f389", "unicode_emoji"), "Invalid emoji name."),
        (Emoji("tada", "x", "unicode_emoji"), "Invalid emoji code."),
        (Emoji("tada", "1", "realm_emoji"), "Invalid custom emoji."),
    ],
)
def test_emoji_that_there_are_not(team: Team, told: Told, emoji: Emoji, msg: str) -> None:
    with pytest.raises(ApiError, match=msg):
        actions.change(team.store, team.ann, model.check("busy", emoji, None))
    assert (told.look(), status(team)) == ([], {})


def test_what_is_not_said_stays(team: Team, told: Told) -> None:
    say(team, "busy", "tada")
    say(team, "")
    assert status(team) == TADA
    say(team, "here")
    told.look()
    say(team, name="")
    event, _ = told.one()
    assert event["emoji_name"] == event["emoji_code"] == ""
    assert status(team) == {"status_text": "here"}
    say(team, "")
    assert status(team) == {}
    with team.store.read() as reader:
        assert reader.value("SELECT count(*) FROM user_status") == 0


def test_away_is_a_presence_that_is_not_shown(team: Team, told: Told) -> None:
    say(team, away=True)
    assert not team.again(team.ann).setting("presence_enabled")
    event, users = told.one("user_status")
    assert event == {"type": "user_status", "user_id": team.ann.id, "away": True}
    assert team.gwen.id in users
    assert status(team) == {"away": True}


def test_so_is_the_setting(team: Team, told: Told) -> None:
    settings.change(team.store, team.ann, {"presence_enabled": False})
    assert told.one("user_status")[0]["away"] is True
    settings.change(team.store, team.ann, {"presence_enabled": True})
    assert told.one("user_status")[0]["away"] is False
    assert status(team) == {}


def test_of_everybody_those_who_say_something(team: Team) -> None:
    say(team, "busy")
    with team.store.read() as reader:
        assert actions.everyone(reader, [team.ann, team.bob]) == {str(team.ann.id): {"status_text": "busy"}}


def test_nobody(team: Team) -> None:
    with team.store.read() as reader, pytest.raises(ApiError, match="No such user"):
        actions.of_user(reader, team.ann, 99_999)
