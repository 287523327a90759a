"""Deleting messages: who may, what is left, who hears of it; and for how long they are kept."""

from typing import Any

import orjson
import pytest

from appliance.actions.message import batch
from appliance.actions.message import delete as actions
from appliance.actions.message.delete import BATCH, KEPT
from appliance.actions.search import page as search
from appliance.base.errors import ApiError, NotAllowed
from appliance.model.group import ID
from appliance.model.message import Shape
from appliance.model.user import User
from appliance.store import unread
from tests.actions.conftest import PRIVATE, PROTECTED, PUBLIC, Team, Told
from tests.actions.message.test_edit import push_to, taken_back
from tests.conftest import MakeUser, MovableClock

RAW = Shape(apply_markdown=False, empty_topic_name=True)
LIMIT = 600


def delete(team: Team, user: User, message_id: int) -> None:
    actions.delete(team.store, team.again(user), message_id)


def there(team: Team, user: User, *message_ids: int) -> list[int]:
    found = search.fetch_ids(team.store, team.again(user), [], list(message_ids), RAW)["messages"]
    return [each["id"] for each in found]


def archived(team: Team) -> list[Any]:
    with team.store.read() as reader:
        return reader.rows("SELECT id, deleted_by, message, rows FROM archived_message ORDER BY id")


def test_it_is_gone_for_everybody(team: Team, told: Told) -> None:
    first, second = team.send(team.ann, PUBLIC), team.send(team.ann, PUBLIC)
    told.look()
    delete(team, team.ann, first)
    assert there(team, team.bob, first, second) == [second]
    with team.store.read() as reader:
        assert unread.of_user(reader, team.bob.id, 10) == [second]
        assert reader.value("SELECT count(*) FROM user_message WHERE message_id = ?", first) == 0
    event, users = told.one("delete_message")
    assert sorted(users) == [team.ann.id, team.bob.id]
    assert event == {
        "type": "delete_message",
        "message_ids": [first],
        "message_type": "stream",
        "stream_id": team.channel_id(PUBLIC),
        "topic": "lunch",
    }


def test_a_direct_message(team: Team, told: Told) -> None:
    message_id = team.write_to(team.ann, team.bob)
    told.look()
    delete(team, team.ann, message_id)
    event, users = told.one()
    assert sorted(users) == [team.ann.id, team.bob.id]
    assert event == {"type": "delete_message", "message_ids": [message_id], "message_type": "private"}


def test_what_is_kept_of_it(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "hello")
    delete(team, team.ann, message_id)
    [(archived_id, deleted_by, message, rows)] = archived(team)
    assert (archived_id, deleted_by) == (message_id, team.ann.id)
    kept = orjson.loads(message)
    assert (kept["content"], kept["topic"], kept["sender_id"]) == ("hello", "lunch", team.ann.id)
    assert orjson.loads(rows) == [[team.ann.id, 0], [team.bob.id, 0]]


def test_a_push_for_it_is_taken_back(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC, "@**Bob**")
    push_to(team, team.bob, message_id)
    delete(team, team.ann, message_id)
    assert taken_back(team) == [
        {"user_profile_id": team.bob.id, "type": "remove", "message_ids": [message_id]}
    ]


def test_it_is_gone_from_the_index_of_unread_messages(team: Team) -> None:
    ids = [team.send(team.ann, PUBLIC) for _ in range(unread.LAG + 1)]
    with team.store.read() as reader:
        indexed = reader.value("SELECT count(*) FROM unread WHERE message_id = ?", ids[0])
    delete(team, team.ann, ids[0])
    with team.store.read() as reader:
        assert indexed == 2
        assert reader.value("SELECT count(*) FROM unread WHERE message_id = ?", ids[0]) == 0


def test_the_first_message_of_the_channel(team: Team, told: Told) -> None:
    first, second = team.send(team.ann, PUBLIC), team.send(team.ann, PUBLIC)
    told.look()
    delete(team, team.ann, second)
    delete(team, team.ann, first)
    values = [event["value"] for event, _ in told.look() if event.get("property") == "first_message_id"]
    assert values == [None]


@pytest.mark.parametrize(
    ("channel", "hears"),
    [(PUBLIC, {"bob", "carl", "dave"}), (PRIVATE, {"bob", "carl"}), (PROTECTED, {"bob"})],
)
def test_who_hears_of_it(team: Team, told: Told, make_user: MakeUser, channel: str, hears: set[str]) -> None:
    """Carl joined later, Dave has left."""
    people = {"bob": team.bob, "carl": make_user("Carl"), "dave": make_user("Dave")}
    team.join(channel, people["dave"])
    message_id = team.send(team.ann, channel)
    team.join(channel, people["carl"])
    team.leave(channel, people["dave"])
    told.look()
    delete(team, team.ann, message_id)
    _, users = told.one("delete_message")
    assert set(users) == {team.ann.id, *(people[each].id for each in hears)}


# -- who may

NOT = "You don't have permission to delete this message"
LATE = "The time limit for deleting this message has passed"
ANY, OWN = "can_delete_any_message_group", "can_delete_own_message_group"


@pytest.mark.parametrize(
    ("who", "settings", "age", "error"),
    [
        ("ann", {}, LIMIT, None),
        ("ann", {}, LIMIT + 1, LATE),
        ("ann", {"message_content_delete_limit_seconds": None}, 10**9, None),
        ("ann", {OWN: ID["role:moderators"]}, 0, NOT),
        ("bob", {}, 0, NOT),
        ("erin", {}, 0, NOT),
        ("gwen", {}, 0, "Invalid message(s)"),
        ("olga", {}, 10**9, None),
        ("olga", {ANY: ID["role:nobody"]}, 0, NOT),
        ("bob", {ANY: ID["role:members"]}, 10**9, None),
    ],
)
def test_who_may(
    team: Team,
    told: Told,
    clock: MovableClock,
    who: str,
    settings: dict[str, Any],
    age: int,
    error: str | None,
) -> None:
    message_id = team.send(team.ann, PUBLIC)
    team.set_realm(**settings)
    clock.advance(age)
    told.look()
    if error is None:
        delete(team, getattr(team, who), message_id)
        return
    with pytest.raises(ApiError) as raised:
        delete(team, getattr(team, who), message_id)
    assert str(raised.value) == error
    assert told.look() == []
    assert there(team, team.bob, message_id) == [message_id]


@pytest.mark.parametrize("owner", ["bob", "erin"])
def test_what_a_bot_of_one_s_own_wrote(team: Team, make_user: MakeUser, owner: str) -> None:
    bot = make_user("Robot", is_bot=True)
    team.store.write(
        lambda t: t.execute("UPDATE user SET bot_owner_id = ? WHERE id = ?", team.bob.id, bot.id)
    )
    team.join(PUBLIC, bot)
    message_id = team.send(team.again(bot), PUBLIC)
    if owner == "bob":
        delete(team, team.bob, message_id)
        assert there(team, team.bob, message_id) == []
        return
    with pytest.raises(ApiError, match=r"^You don't have permission"):
        delete(team, team.erin, message_id)


@pytest.mark.parametrize("channel", [PRIVATE, PROTECTED])
def test_an_owner_cannot_reach_what_they_cannot_read(team: Team, channel: str) -> None:
    for message_id in (team.send(team.ann, channel), team.write_to(team.ann, team.bob), 999):
        with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
            delete(team, team.olga, message_id)


def test_it_is_deleted_once(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    delete(team, team.ann, message_id)
    with pytest.raises(ApiError, match=r"^Invalid message\(s\)$"):
        delete(team, team.ann, message_id)


def test_the_same_number_is_not_given_again(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    delete(team, team.ann, message_id)
    assert team.send(team.ann, PUBLIC) > message_id


# -- a topic


def test_a_topic_goes_in_batches_the_newest_first(team: Team, told: Told) -> None:
    ids = [team.send(team.ann, PUBLIC, topic=("Lunch", "lunch")[each % 2]) for each in range(BATCH + 3)]
    other = team.send(team.ann, PUBLIC, topic="dinner")
    told.look()
    assert actions.delete_topic(team.store, team.olga, team.channel_id(PUBLIC), "LUNCH")
    assert there(team, team.bob, *ids, other) == [other]
    gone = [event["message_ids"] for event, _ in told.look() if event["type"] == "delete_message"]
    assert gone == [ids[3:], ids[:3]]


def test_it_stops_when_it_takes_too_long(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "SECONDS", 0.0)
    ids = [team.send(team.ann, PUBLIC) for _ in range(BATCH + 3)]
    assert not actions.delete_topic(team.store, team.olga, team.channel_id(PUBLIC), "lunch")
    assert there(team, team.bob, *ids) == ids[:3]
    assert actions.delete_topic(team.store, team.olga, team.channel_id(PUBLIC), "lunch")


def test_only_what_one_may_read(team: Team) -> None:
    """An owner who came later to a channel that does not show what was before."""
    before = team.send(team.ann, PROTECTED)
    team.join(PROTECTED, team.olga)
    after = team.send(team.ann, PROTECTED)
    assert actions.delete_topic(team.store, team.olga, team.channel_id(PROTECTED), "lunch")
    assert there(team, team.ann, before, after) == [before]


def test_who_may_delete_a_topic(team: Team) -> None:
    message_id = team.send(team.ann, PUBLIC)
    with pytest.raises(NotAllowed, match=r"^Must be an organization administrator$"):
        actions.delete_topic(team.store, team.ann, team.channel_id(PUBLIC), "lunch")
    with pytest.raises(ApiError, match=r"^Invalid channel ID$"):
        actions.delete_topic(team.store, team.olga, 999, "lunch")
    assert there(team, team.bob, message_id) == [message_id]


# -- what is kept


def test_it_is_forgotten_after_thirty_days(team: Team, clock: MovableClock) -> None:
    old = team.send(team.ann, PUBLIC)
    delete(team, team.ann, old)
    clock.advance(KEPT)
    young = team.send(team.ann, PUBLIC)
    delete(team, team.ann, young)
    actions.prune(team.store, clock)
    assert [row[0] for row in archived(team)] == [old, young]
    clock.advance(1)
    actions.prune(team.store, clock)
    assert [row[0] for row in archived(team)] == [young]


def test_nothing_is_written_when_there_is_nothing_to_forget(team: Team, clock: MovableClock) -> None:
    delete(team, team.ann, team.send(team.ann, PUBLIC))
    before = team.store.committer.commits
    actions.prune(team.store, clock)
    assert team.store.committer.commits == before
