"""Archiving channels and bringing them back: what clients of two kinds are told, and what is left."""

import pytest

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import archive as channel_archive
from appliance.actions.channel import subscription_property
from appliance.actions.channel.change import Wish, change
from appliance.actions.message import retention
from appliance.actions.user import change as user_change
from appliance.actions.user.change import Changes
from appliance.base.errors import ApiError
from appliance.model.user import Role
from appliance.store import channel as channels
from appliance.store import job as job_table
from appliance.store import realm as realms
from appliance.store import subscription as subscriptions
from appliance.store import unread
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told
from tests.conftest import MovableClock


def archive(team: Team, name: str = PUBLIC) -> int:
    channel_id = team.channel_id(name)
    channel_archive.archive(team.store, team.olga, channel_id)
    return channel_id


def bring_back(team: Team, channel_id: int) -> None:
    change(team.store, team.olga, channel_id, Wish(is_archived=False))


def told_by_capability(told: Told) -> dict[bool, list[str]]:
    """What clients are told that know of archived channels (True), and that do not."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for event, _ in told.look():
        if "for_capability" in event:
            found[event["for_capability"][1]].append(f"{event['type']}/{event['op']}")
    return found


def test_it_is_told_by_what_clients_know(team: Team, told: Told) -> None:  # checklist 157
    channel_id = archive(team)
    assert told_by_capability(told) == {True: ["stream/update"], False: ["stream/delete"]}
    bring_back(team, channel_id)
    assert told_by_capability(told) == {
        True: ["stream/update"],
        False: ["stream/create", "subscription/peer_add", "subscription/add", "subscription/add"],
    }


def test_what_becomes_of_it_only_those_hear_who_know_it(
    team: Team, told: Told, clock: MovableClock
) -> None:
    """Their settings of it, whom they see in it with another role, messages that are too old."""
    team.send(team.ann, PUBLIC)
    team.set_realm(message_retention_days=1)
    channel_id = archive(team)
    told.look()
    clock.advance(2 * 86_400)
    subscription_property.change(team.store, team.ann, [(channel_id, "pin_to_top", True)])
    retention.expire(team.store, clock)
    user_change.change(team.store, team.olga, team.erin.id, Changes(role=int(Role.GUEST)))
    heard = {
        (event["type"], event["op"], event.get("for_capability"))
        for event, _ in told.look()
        if channel_id in (event.get("stream_id"), *event.get("stream_ids", ())) and "op" in event
    }
    assert heard == {
        ("subscription", "update", ("archived_channels", True)),
        ("stream", "update", ("archived_channels", True)),
        ("stream", "delete", ("archived_channels", True)),
    }


def test_everybody_who_knew_of_it_is_told(team: Team, told: Told) -> None:
    archive(team)
    people = [users for event, users in told.look() if "for_capability" in event]
    assert people == [[team.olga.id, team.ann.id, team.bob.id, team.erin.id]] * 2


def test_nobody_writes_to_or_joins_what_is_archived(team: Team) -> None:
    channel_id = archive(team)
    with pytest.raises(ApiError, match="does not exist"):
        team.send(team.ann, PUBLIC)
    with team.store.read() as reader:
        for someone in (team.ann, team.olga):
            with pytest.raises(ApiError, match=r"^Invalid channel ID$"):
                channel_actions.access(reader, someone, channel_id)
        assert channel_actions.access(reader, team.ann, channel_id, archived=True).is_archived
        with pytest.raises(ApiError, match=r"^Invalid channel ID$"):
            channel_actions.access(reader, team.gwen, channel_id, archived=True)


def test_what_is_archived_is_not_changed(team: Team) -> None:
    channel_id = archive(team)
    with pytest.raises(ApiError, match=r"^This channel is archived\.$"):
        change(team.store, team.olga, channel_id, Wish(name="other"))
    change(team.store, team.olga, channel_id, Wish(name="other", is_archived=False))
    with team.store.read() as reader:
        assert channels.named(reader, "other") is not None


def test_who_administers_a_channel_archives_it(team: Team) -> None:
    with pytest.raises(ApiError, match="may not administer"):
        channel_archive.archive(team.store, team.bob, team.channel_id(PUBLIC))
    channel_archive.archive(team.store, team.ann, team.channel_id(PUBLIC))


def test_once_is_enough(team: Team) -> None:
    channel_id = archive(team)
    with pytest.raises(ApiError, match=r"^Invalid channel ID$"):
        channel_archive.archive(team.store, team.olga, channel_id)


def test_newcomers_and_announcements_go_elsewhere(team: Team, told: Told) -> None:
    channel_id = team.channel_id(PUBLIC)
    team.change(PUBLIC, is_default=True)
    team.set_realm(signup_announcements_stream_id=channel_id)
    told.look()
    archive(team)
    seen = {event["type"]: event for event, _ in told.look()}
    assert channel_id not in seen["default_streams"]["default_streams"]
    assert (seen["realm"]["property"], seen["realm"]["value"]) == ("signup_announcements_stream_id", -1)
    with team.store.read() as reader:
        assert realms.get(reader).setting("signup_announcements_stream_id") == -1


def test_the_servers_bot_says_so_before_it_is_gone(team: Team, told: Told) -> None:
    channel_id = archive(team)
    kinds = [event["type"] for event, _ in told.look()]
    assert kinds.index("message") < kinds.index("stream")
    assert team.last_in(PUBLIC) == ("channel events", "@_**Olga|2** archived this channel.")
    bring_back(team, channel_id)
    assert team.last_in(PUBLIC) == (
        "channel events",
        "@_**Olga|2** brought this channel back from the archive.",
    )


def test_who_was_in_it_is_in_it_when_it_comes_back(team: Team) -> None:
    channel_id = archive(team)
    bring_back(team, channel_id)
    with team.store.read() as reader:
        assert subscriptions.subscriber_ids(reader, channel_id) == [team.ann.id, team.bob.id]


def test_a_private_one_in_which_nobody_is_stays_where_it_is(team: Team) -> None:
    channel_id = team.channel_id(PRIVATE)
    team.leave(PRIVATE, team.ann, team.bob)
    with pytest.raises(ApiError, match=r"^Nobody is in this private channel any more"):
        bring_back(team, channel_id)


# -- reading


def test_nothing_in_it_is_unread(team: Team, told: Told) -> None:
    """The snapshot knows it at once, the rows by and by; no event says it."""
    for _ in range(3):
        team.send(team.ann, PUBLIC)
    archive(team)
    told.look()
    with team.store.read() as reader:
        assert unread.conversations(reader, team.bob.id, 100) == []
        assert len(unread.of_user(reader, team.bob.id, 100)) == 4
        [job_id] = [each for each, queue, _ in job_table.waiting(reader) if queue == channel_archive.QUEUE]
        job = job_table.get(reader, job_id)
    assert job is not None
    recipient_id = job.event()["stream_recipient_id"]
    assert channel_archive.mark_read(team.store, recipient_id) is None
    with team.store.read() as reader:
        assert unread.of_user(reader, team.bob.id, 100) == []
    assert told.look() == []


def test_what_comes_after_it_was_brought_back_is_unread(team: Team) -> None:
    """Though the job of archiving comes only then."""
    team.send(team.ann, PUBLIC)
    channel_id = archive(team)
    bring_back(team, channel_id)
    with team.store.read() as reader:
        channel = channels.even_archived(reader, channel_id)
        assert channel is not None
        assert unread.in_channel(reader, team.bob.id, channel.recipient_id) == [
            reader.value("SELECT max(id) FROM message")  # in which the server's bot says so
        ]
    new = team.send(team.ann, PUBLIC)
    assert channel_archive.mark_read(team.store, channel.recipient_id) is None
    with team.store.read() as reader:
        assert new in unread.in_channel(reader, team.bob.id, channel.recipient_id)


def test_it_goes_on_in_batches(team: Team) -> None:  # checklist 69
    ids = [team.send(team.ann, PUBLIC) for _ in range(channel_archive.BATCH + 5)]
    channel_id = archive(team)
    with team.store.read() as reader:
        channel = channels.even_archived(reader, channel_id)
    assert channel is not None
    recipient_id, batch = channel.recipient_id, channel_archive.BATCH
    following = team.store.write(lambda t: unread.mark_read_by_everyone(t, recipient_id, 0, batch))
    assert following == ids[channel_archive.BATCH - 1] + 1
    with team.store.read() as reader:
        left = unread.of_user(reader, team.bob.id, 100)
    assert left[:5] == ids[channel_archive.BATCH :]
    assert channel_archive.mark_read(team.store, recipient_id, following or 0) is None
    with team.store.read() as reader:
        assert unread.of_user(reader, team.bob.id, 100) == []
