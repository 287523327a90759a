"""Bots that nobody hears."""

import pytest

from appliance.actions.bot import account as bot_actions
from appliance.actions.bot.account import Wanted
from appliance.actions.message import send_for_client as sending
from appliance.actions.message.send import Draft
from appliance.actions.message.send_for_client import QUIET
from appliance.base.errors import ChannelDoesNotExist
from appliance.model.user import User
from tests.actions.conftest import PUBLIC, Team
from tests.conftest import MovableClock


@pytest.fixture
def bot(team: Team) -> User:
    return bot_actions.create(team.store, team.ann, Wanted("Beep", "beep"), "example.org")


def send(team: Team, sender: User, channel: str | int) -> int:
    return sending.send(team.store, Draft(sender, "hello", "test", False), channel, "lunch").id


def told(team: Team) -> list[tuple[str, str]]:
    """(what, to whom) the server's bot said to people."""
    with team.store.read() as reader:
        return reader.rows(
            "SELECT content, member_ids FROM message JOIN user ON user.id = sender_id"
            " JOIN recipient ON recipient.id = recipient_id WHERE is_system ORDER BY message.id"
        )


@pytest.mark.parametrize("channel", ["nowhere", 99])
def test_a_channel_that_is_missing(team: Team, bot: User, channel: str | int) -> None:
    with pytest.raises(ChannelDoesNotExist):
        send(team, bot, channel)
    [(text, members)] = told(team)
    assert str(channel) in text
    assert f"@_**Beep|{bot.id}**" in text
    assert str(team.ann.id) in members.split(",")


def test_once_a_minute(team: Team, bot: User, clock: MovableClock) -> None:
    for pause, times in ((0, 1), (1, 1), (QUIET, 2)):
        clock.advance(pause)
        with pytest.raises(ChannelDoesNotExist):
            send(team, bot, "nowhere")
        assert len(told(team)) == times


def test_a_channel_that_nobody_is_in(team: Team, bot: User) -> None:
    send(team, bot, PUBLIC)
    assert told(team) == []
    team.leave(PUBLIC, team.ann, team.bob)
    assert send(team, bot, PUBLIC)
    [(text, _)] = told(team)
    assert text.endswith("which has no subscribers.")


def test_people_find_out_by_themselves(team: Team) -> None:
    with pytest.raises(ChannelDoesNotExist):
        send(team, team.ann, "nowhere")
    assert told(team) == []
