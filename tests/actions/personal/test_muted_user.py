"""Muting people: what they write is read already."""

import pytest

from appliance.actions.message import batch, reading
from appliance.actions.personal import muted_user as actions
from appliance.base.errors import ApiError
from appliance.model.concern import PUSHES
from appliance.model.flag import Flag
from appliance.store import job as job_table
from appliance.store import message as messages
from appliance.store import unread
from tests.actions.conftest import PUBLIC, Team, Told


def unread_ids(team: Team) -> list[int]:
    with team.store.read() as reader:
        return unread.of_user(reader, team.bob.id, 100)


def test_the_list_is_told_to_oneself(team: Team, told: Told) -> None:
    now = int(team.store.write(lambda transaction: transaction.now()))
    told.look()
    actions.mute(team.store, team.bob, team.ann.id)
    listed = [{"id": team.ann.id, "timestamp": now}]
    assert told.look() == [({"type": "muted_users", "muted_users": listed}, [team.bob.id])]
    actions.unmute(team.store, team.bob, team.ann.id)
    assert told.look() == [({"type": "muted_users", "muted_users": []}, [team.bob.id])]


def test_what_they_wrote_is_marked_read(team: Team, told: Told) -> None:
    seen = [team.send(team.ann, PUBLIC), team.write_to(team.ann, team.bob)]
    others = team.write_to(team.erin, team.bob)
    told.look()
    actions.mute(team.store, team.bob, team.ann.id)
    event, users = told.one("update_message_flags")
    assert (event["op"], event["flag"], event["messages"], users) == ("add", "read", seen, [team.bob.id])
    assert unread_ids(team) == [others]


def test_a_crash_leaves_no_mute_whose_messages_still_wait_to_be_mailed(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one transaction, if there are not too many."""
    team.write_to(team.ann, team.bob)
    monkeypatch.delattr(batch, "repeat")
    actions.mute(team.store, team.bob, team.ann.id)
    assert unread_ids(team) == []


def test_many_are_marked_read_in_batches(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    for _ in range(5):
        team.write_to(team.ann, team.bob)
    actions.mute(team.store, team.bob, team.ann.id)
    assert unread_ids(team) == []


def test_what_was_pushed_is_taken_back(team: Team) -> None:
    message_id = team.write_to(team.ann, team.bob)
    team.store.write(lambda t: messages.set_flag(t, team.bob.id, [message_id], Flag.ACTIVE_PUSH, True))
    actions.mute(team.store, team.bob, team.ann.id)
    with team.store.read() as reader:
        jobs = [job_table.get(reader, job_id) for job_id, _, _ in job_table.waiting(reader)]
    assert [(job.queue, job.event()) for job in jobs if job is not None] == [
        (PUSHES, {"type": "remove", "user_profile_id": team.bob.id, "message_ids": [message_id]})
    ]


def test_what_they_write_then_is_read_by_who_muted_them_alone(team: Team) -> None:
    actions.mute(team.store, team.bob, team.ann.id)
    message_id = team.send(team.ann, PUBLIC, "@**Bob** look")
    team.write_to(team.ann, team.bob)
    assert unread_ids(team) == []
    with team.store.read() as reader:
        assert messages.flags(reader, team.bob.id, [message_id]) == {message_id: Flag.READ | Flag.MENTIONED}
        assert messages.flags(reader, team.ann.id, [message_id]) == {message_id: 0}


def test_what_is_refused(team: Team, told: Told) -> None:
    for who, error in ((team.bob.id, "Cannot mute self"), (99_999, "No such user")):
        with pytest.raises(ApiError, match=error):
            actions.mute(team.store, team.bob, who)
    with pytest.raises(ApiError, match="No such user"):
        actions.unmute(team.store, team.bob, 99_999)
    with pytest.raises(ApiError, match="User is not muted"):
        actions.unmute(team.store, team.bob, team.ann.id)
    actions.mute(team.store, team.bob, team.ann.id)
    told.look()
    with pytest.raises(ApiError, match="User already muted"):
        actions.mute(team.store, team.bob, team.ann.id)
    assert told.look() == []
