"""Deleted messages come back as they were: to people, with reactions, files and all."""

from typing import Any

import pytest

from appliance.actions.message import delete as delete_actions
from appliance.actions.message import edit as edit_actions
from appliance.actions.message import flag as flag_actions
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.message import restore
from appliance.actions.message.edit import Wish
from appliance.base.errors import CommandError
from appliance.model.reaction import Emoji
from appliance.store import message as messages
from appliance.store import unread
from appliance.store.message import Received
from appliance.store.store import Store
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told

TADA = Emoji("tada", "1f389", "unicode_emoji")


def seen(team: Team, message_id: int) -> list[Received | None]:
    """By each person."""
    with team.store.read() as reader:
        return [messages.with_id(reader, user.id, message_id) for user in (team.ann, team.bob, team.erin)]


def tables(store: Store) -> dict[str, list[Any]]:
    names = ("message", "user_message", "unread_message", "reaction", "submessage", "attachment_message")
    with store.read() as reader:
        return {name: sorted(reader.rows(f"SELECT * FROM {name}"), key=repr) for name in names}


@pytest.fixture
def message_id(team: Team) -> int:
    """Edited, starred, with a reaction; Bob has not read it."""
    message_id = team.send(team.ann, PUBLIC, "@**Bob** /poll what?", topic="plans")
    edit_actions.edit(team.store, team.ann, message_id, Wish(content="@**Bob** look here"))
    flag_actions.update(team.store, team.ann, [message_id], "add", "starred")
    reaction_actions.add(team.store, team.bob, message_id, TADA)
    return message_id


def test_it_comes_back_as_it_was(team: Team, message_id: int) -> None:
    before, shown = tables(team.store), seen(team, message_id)
    delete_actions.delete(team.store, team.olga, message_id)
    assert seen(team, message_id) == [None, None, None]
    [listed] = restore.listed(team.store, 10)
    assert (listed.id, listed.deleted_by, listed.sender, listed.place, listed.topic, listed.content) == (
        message_id, "olga@example.org", "ann@example.org", PUBLIC, "plans", "@**Bob** look here",
    )  # fmt: skip
    restore.restore(team.store, [message_id])
    assert seen(team, message_id) == shown
    assert tables(team.store) == before
    assert restore.listed(team.store, 10) == []


def test_it_is_unread_again_among_older_ones(
    team: Team, message_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the index of unread messages has gone on meanwhile."""
    delete_actions.delete(team.store, team.olga, message_id)
    monkeypatch.setattr(unread, "LAG", 1)
    team.send(team.ann, PUBLIC)
    restore.restore(team.store, [message_id])
    with team.store.read() as reader:
        assert message_id in unread.of_user(reader, team.bob.id, 10)


def test_to_who_has_left_since_it_is_read(team: Team, message_id: int) -> None:
    delete_actions.delete(team.store, team.olga, message_id)
    team.leave(PUBLIC, team.bob)
    restore.restore(team.store, [message_id])
    with team.store.read() as reader:
        assert unread.of_user(reader, team.bob.id, 10) == []


def test_direct_messages(team: Team) -> None:
    message_id = team.write_to(team.ann, team.bob)
    shown = seen(team, message_id)
    delete_actions.delete(team.store, team.ann, message_id)
    restore.restore(team.store, [message_id])
    assert seen(team, message_id) == shown


def test_clients_of_who_can_read_it_begin_anew(team: Team, told: Told) -> None:
    message_id = team.send(team.ann, PRIVATE)
    delete_actions.delete(team.store, team.ann, message_id)
    told.look()
    restore.restore(team.store, [message_id])
    assert told.kinds()[-1] == ("cleanup_queue", [team.ann.id, team.bob.id])


def test_one_that_is_not_there(team: Team, message_id: int) -> None:
    """None is restored, then."""
    delete_actions.delete(team.store, team.olga, message_id)
    for missing in (message_id + 1, 2**40):
        with pytest.raises(CommandError, match=f"no deleted message {missing}"):
            restore.restore(team.store, [message_id, missing])
    assert seen(team, message_id) == [None, None, None]


def test_many(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "AT_ONCE", 2)
    ids = [team.send(team.ann, PUBLIC) for _ in range(5)]
    for each in ids:
        delete_actions.delete(team.store, team.olga, each)
    assert [each.id for each in restore.listed(team.store, 3)] == ids[:1:-1]
    restore.restore(team.store, [*ids, *ids])
    assert restore.listed(team.store, 10) == []
