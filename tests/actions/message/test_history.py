"""What was known of a message: its versions, and who has read it."""

from typing import Any

import pytest

from appliance.actions.message import access as history
from appliance.actions.message import edit as edit_actions
from appliance.actions.message import flag as flag_actions
from appliance.actions.message import history as actions
from appliance.actions.message.edit import Wish
from appliance.actions.personal import muted_user
from appliance.actions.search import page as search
from appliance.base.errors import ApiError
from appliance.model.edit import Visibility
from appliance.model.message import Shape
from appliance.model.user import User
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team
from tests.conftest import MakeUser, MovableClock

HIDDEN = r"^Invalid message\(s\)$"


def changes(team: Team, user: User, message_id: int, *, capable: bool = True) -> list[dict[str, Any]]:
    return actions.changes(team.store, team.again(user), message_id, empty_topic_name=capable)


@pytest.fixture
def edited(team: Team, clock: MovableClock) -> int:
    message_id = team.send(team.ann, PUBLIC, "one", topic="")
    for wish in (Wish("two"), Wish(topic="lunch"), Wish("three")):
        clock.advance(10)
        edit_actions.edit(team.store, team.ann, message_id, wish)
    return message_id


def test_versions_oldest_first(team: Team, edited: int, clock: MovableClock) -> None:
    now, ann = int(clock.now()), team.ann.id
    one = {"content": "one", "rendered_content": "<p>one</p>"}
    two = {"content": "two", "rendered_content": "<p>two</p>"}
    three = {"content": "three", "rendered_content": "<p>three</p>"}
    assert changes(team, team.bob, edited) == [
        {**one, "topic": "", "timestamp": now - 30, "user_id": ann},
        {**two, "topic": "", "timestamp": now - 20, "user_id": ann, **_before(one)},
        {**two, "topic": "lunch", "prev_topic": "", "timestamp": now - 10, "user_id": ann},
        {**three, "topic": "lunch", "timestamp": now, "user_id": ann, **_before(two)},
    ]


def _before(version: dict[str, str]) -> dict[str, str]:
    return {f"prev_{name}": value for name, value in version.items()}


def test_the_empty_topic_has_a_name_for_some(team: Team, edited: int) -> None:
    found = changes(team, team.bob, edited, capable=False)
    assert [each["topic"] for each in found] == ["general chat", "general chat", "lunch", "lunch"]
    assert found[2]["prev_topic"] == "general chat"


def test_moves_only(team: Team, edited: int) -> None:
    """No text but the one that everybody sees is told."""
    team.set_realm(message_edit_history_visibility_policy=Visibility.MOVES)
    found = changes(team, team.bob, edited)
    assert [each["topic"] for each in found] == ["", "lunch"]
    assert {each["content"] for each in found} == {"three"}
    assert not any("prev_content" in each for each in found)


def test_none_at_all(team: Team, edited: int) -> None:
    team.set_realm(message_edit_history_visibility_policy=Visibility.NONE)
    with pytest.raises(ApiError, match=r"^Message edit history is disabled in this organization$"):
        changes(team, team.bob, edited)


@pytest.mark.parametrize(
    ("visibility", "entries"), [(Visibility.ALL, 3), (Visibility.MOVES, 1), (Visibility.NONE, 0)]
)
def test_messages_show_no_more_of_it(team: Team, edited: int, visibility: Visibility, entries: int) -> None:
    team.set_realm(message_edit_history_visibility_policy=visibility)
    shape = Shape(apply_markdown=False, empty_topic_name=True)
    shown = [
        history.fetch_one(team.store, team.bob, edited, shape)["message"],
        *search.fetch_ids(team.store, team.bob, [], [edited], shape)["messages"],
        *search.fetch(team.store, team.bob, [], search.Window("newest", 1, 0), shape)["messages"],
    ]
    assert [len(each.get("edit_history", [])) for each in shown] == [entries] * 3


@pytest.mark.parametrize("channel", [PRIVATE, PROTECTED])
def test_neither_is_told_to_who_may_not_read_it(team: Team, make_user: MakeUser, channel: str) -> None:
    message_id = team.send(team.ann, channel)
    team.leave(channel, team.bob)
    for user in (team.bob, team.erin, team.olga, team.gwen):
        with pytest.raises(ApiError, match=HIDDEN):
            changes(team, user, message_id)
        with pytest.raises(ApiError, match=HIDDEN):
            actions.read_by(team.store, team.again(user), message_id)


# -- who has read it


def test_who_has_read_it(team: Team, make_user: MakeUser) -> None:
    quiet, muted, muter = make_user("Quiet", send_read_receipts=False), make_user("Muted"), make_user("Muter")
    gone, slow = make_user("Gone"), make_user("Slow")
    people = [quiet, muted, muter, gone, slow]
    team.join(PUBLIC, *people)
    message_id = team.send(team.ann, PUBLIC, read_by_sender=True)
    for reader in (team.bob, quiet, muted, muter, gone):
        flag_actions.update(team.store, reader, [message_id], "add", "read")
    muted_user.mute(team.store, team.bob, muted.id)
    muted_user.mute(team.store, muter, team.bob.id)
    team.store.write(lambda t: t.execute("UPDATE user SET is_active = 0 WHERE id = ?", gone.id))
    assert actions.read_by(team.store, team.bob, message_id) == [team.bob.id]
    assert actions.read_by(team.store, team.ann, message_id) == [team.bob.id, muted.id, muter.id]


def test_the_organization_may_not_want_that_known(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    team.set_realm(enable_read_receipts=False)
    with pytest.raises(ApiError, match=r"^Read receipts are disabled in this organization\.$"):
        actions.read_by(team.store, team.bob, message_id)
