"""How much is written in channels: looked at from time to time, told when one falls asleep or wakes."""

from typing import Any

import pytest

from appliance.actions.channel import activity as channel_activity
from appliance.model.channel import DAY, Channel
from appliance.store import channel as channels
from tests.actions.conftest import PUBLIC, Team, Told
from tests.conftest import MovableClock


def look(team: Team, clock: MovableClock) -> Channel:
    channel_activity.refresh(team.store, clock)
    with team.store.read() as reader:
        found = channels.named(reader, PUBLIC)
    assert found is not None
    return found


def told_of(told: Told, channel_id: int) -> list[tuple[Any, Any]]:
    return [
        (event["property"], event["value"])
        for event, _ in told.look()
        if event["type"] == "stream"
        and event["stream_id"] == channel_id
        and event["property"] != "first_message_id"
    ]


def test_a_young_channel_has_no_traffic(team: Team, clock: MovableClock) -> None:
    team.send(team.ann, PUBLIC)
    assert look(team, clock).weekly_traffic is None


@pytest.mark.parametrize(("days", "traffic"), [(7, 12), (14, 6), (28, 3), (40, 0)])
def test_traffic_is_of_four_weeks_at_most(team: Team, clock: MovableClock, days: int, traffic: int) -> None:
    for _ in range(12):
        team.send(team.ann, PUBLIC)
    clock.advance(days * DAY)
    assert look(team, clock).weekly_traffic == traffic


def test_only_new_messages_count(team: Team, clock: MovableClock) -> None:
    team.send(team.ann, PUBLIC)
    clock.advance(60 * DAY)
    for _ in range(8):
        team.send(team.ann, PUBLIC)
        clock.advance(DAY)
    assert look(team, clock).weekly_traffic == 2


def test_a_channel_falls_asleep_and_wakes(team: Team, told: Told, clock: MovableClock) -> None:
    team.send(team.ann, PUBLIC)
    clock.advance(181 * DAY)
    channel = look(team, clock)
    assert not channel.is_recently_active
    assert told_of(told, channel.id) == [("is_recently_active", False)]
    team.send(team.ann, PUBLIC)
    assert told_of(told, channel.id) == [("is_recently_active", True)]
    assert look(team, clock).is_recently_active


def test_nothing_is_written_where_nothing_is_new(team: Team, clock: MovableClock) -> None:
    look(team, clock)
    with team.store.read() as reader:
        before = reader.value("PRAGMA data_version")
        look(team, clock)
        assert reader.value("PRAGMA data_version") == before
