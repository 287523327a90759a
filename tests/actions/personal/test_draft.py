"""Messages that somebody has begun to write."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.personal import draft as actions
from appliance.actions.personal.draft import NoSuchDraft
from appliance.actions.user import setting as settings
from appliance.base.errors import ApiError
from appliance.model import draft as model
from appliance.model.draft import Draft
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told

NOTE = Draft("", (), "", "hello", 1000)


def listed(team: Team) -> list[dict[str, Any]]:
    with team.store.read() as reader:
        return actions.listed(reader, team.ann.id)


def test_keeping_changing_and_dropping_one(team: Team, told: Told) -> None:
    channel = Draft("stream", (team.channel_id(PUBLIC),), "lunch", "hello", None)
    first, second = actions.add(team.store, team.ann, [NOTE, channel])
    now = int(team.store.write(lambda transaction: transaction.now()))
    shown = [channel._replace(edited=now).public(second), NOTE.public(first)]
    assert listed(team) == shown
    assert told.look() == [({"type": "drafts", "op": "add", "drafts": shown[::-1]}, [team.ann.id])]
    changed = Draft("private", (team.bob.id,), "", "hi", 2000)
    actions.change(team.store, team.ann, first, changed)
    assert told.one()[0] == {"type": "drafts", "op": "update", "draft": changed.public(first)}
    assert listed(team) == [shown[0], changed.public(first)]
    actions.remove(team.store, team.ann, second)
    assert told.one()[0] == {"type": "drafts", "op": "remove", "draft_id": second}
    assert listed(team) == [changed.public(first)]


@pytest.mark.parametrize(
    "deed",
    [
        lambda team, draft_id: actions.change(team.store, team.bob, draft_id, NOTE),
        lambda team, draft_id: actions.remove(team.store, team.bob, draft_id),
    ],
)
def test_others_have_nothing_there(team: Team, told: Told, deed: Callable[[Team, int], None]) -> None:
    [draft_id] = actions.add(team.store, team.ann, [NOTE])
    told.look()
    with pytest.raises(NoSuchDraft):
        deed(team, draft_id)
    assert told.look() == []
    assert listed(team) == [NOTE.public(draft_id)]
    with team.store.read() as reader:
        assert actions.listed(reader, team.bob.id) == []


def test_where_one_sees_nothing_none_goes(team: Team) -> None:
    for channel_id in (team.channel_id(PRIVATE), 99_999):
        with pytest.raises(ApiError, match="Invalid channel ID"):
            actions.add(team.store, team.erin, [NOTE, Draft("stream", (channel_id,), "", "x", None)])
    with pytest.raises(ApiError, match="Invalid user ID 99999"):
        actions.add(team.store, team.erin, [Draft("private", (99_999,), "", "x", None)])
    with team.store.read() as reader:
        assert actions.listed(reader, team.erin.id) == []


def test_there_are_not_too_many(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST", 2)
    actions.add(team.store, team.ann, [NOTE])
    with pytest.raises(ApiError, match="2 drafts at most"):
        actions.add(team.store, team.ann, [NOTE, NOTE])


def test_who_wants_none_kept_here_has_none(team: Team, told: Told) -> None:
    ids = actions.add(team.store, team.ann, [NOTE, NOTE])
    told.look()
    settings.change(team.store, team.ann, {"enable_drafts_synchronization": False})
    dropped = [event["draft_id"] for event, _ in told.look() if event["type"] == "drafts"]
    assert (sorted(dropped), listed(team)) == (ids, [])
    with pytest.raises(ApiError, match="User has disabled synchronizing drafts"):
        actions.check_kept(team.again(team.ann))
    actions.check_kept(team.bob)
