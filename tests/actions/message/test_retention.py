"""Messages that are older than they are kept go, and those who read them are told."""

import pytest

from appliance.actions.message import reaction as reaction_actions
from appliance.actions.message import restore, retention
from appliance.model.reaction import Emoji
from appliance.store import archive
from appliance.store import channel as channels
from appliance.store.store import Store
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told
from tests.conftest import MovableClock

DAY = 86_400
TADA = Emoji("tada", "1f389", "unicode_emoji")


def keep(team: Team, channel: str, days: int | None) -> None:
    team.store.write(
        lambda t: t.execute("UPDATE channel SET message_retention_days = ? WHERE name = ?", days, channel)
    )


def left(store: Store) -> list[str]:
    with store.read() as reader:
        return [content for (content,) in reader.rows("SELECT content FROM message ORDER BY id")]


@pytest.fixture
def talk(team: Team, clock: MovableClock) -> Team:
    """Three messages of each of two days."""
    for day in ("monday", "tuesday"):
        team.send(team.ann, PUBLIC, f"{day} public")
        team.send(team.ann, PRIVATE, f"{day} private")
        team.write_to(team.ann, team.bob, content=f"{day} direct")
        clock.advance(DAY)
    return team


PUBLICS, PRIVATES, DIRECTS = (
    {f"{day} {place}" for day in ("monday", "tuesday")} for place in ("public", "private", "direct")
)
MONDAY = {"monday public", "monday private", "monday direct"}


@pytest.mark.parametrize(
    ("organization", "public", "private", "gone"),
    [
        (-1, None, None, set()),
        (-1, 1, None, {"monday public"}),
        (1, None, None, MONDAY),
        (1, -1, None, MONDAY - {"monday public"}),
        (1, None, 3, MONDAY - {"monday private"}),
        (3, 1, 1, {"monday public", "monday private"}),
    ],
)
def test_how_long(
    talk: Team,
    clock: MovableClock,
    organization: int,
    public: int | None,
    private: int | None,
    gone: set[str],
) -> None:
    """-1: for ever; None: as long as the organization."""
    talk.set_realm(message_retention_days=organization)
    keep(talk, PUBLIC, public)
    keep(talk, PRIVATE, private)
    clock.advance(-DAY + 1)
    retention.expire(talk.store, clock)
    assert set(left(talk.store)) == (PUBLICS | PRIVATES | DIRECTS) - gone


def test_who_is_told(talk: Team, told: Told, clock: MovableClock) -> None:
    keep(talk, PRIVATE, 1)
    clock.advance(1)
    told.look()
    retention.expire(talk.store, clock)
    deleted, first = told.look()
    assert deleted[0]["type"] == "delete_message"
    assert (deleted[0]["topic"], len(deleted[0]["message_ids"])) == ("lunch", 2)
    assert set(deleted[1]) == {talk.ann.id, talk.bob.id}
    assert (first[0]["property"], first[0]["value"]) == ("first_message_id", None)
    assert told.look() == []


def test_topics_are_told_apart(team: Team, told: Told, clock: MovableClock) -> None:
    for topic in ("a", "b", "a"):
        team.send(team.ann, PUBLIC, topic=topic)
    keep(team, PUBLIC, 1)
    clock.advance(2 * DAY)
    told.look()
    retention.expire(team.store, clock)
    gone = [event for event, _ in told.look() if event["type"] == "delete_message"]
    assert {event["topic"]: len(event["message_ids"]) for event in gone} == {"a": 2, "b": 1}


def test_no_more_than_some_at_once(team: Team, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST", 4)
    monkeypatch.setattr("appliance.actions.message.delete.BATCH", 2)
    for _ in range(7):
        team.send(team.ann, PUBLIC)
    keep(team, PUBLIC, 1)
    clock.advance(2 * DAY)
    for number in (3, 0):
        retention.expire(team.store, clock)
        assert len(left(team.store)) == number


def test_nothing_to_do_writes_nothing(talk: Team, clock: MovableClock) -> None:
    talk.set_realm(message_retention_days=30)
    before = talk.store.committer.writes
    retention.expire(talk.store, clock)
    assert talk.store.committer.writes == before


def test_what_has_gone_can_be_restored(talk: Team, clock: MovableClock) -> None:
    with talk.store.read() as reader:
        [message_id] = [
            row[0] for row in reader.rows("SELECT id FROM message WHERE content = 'monday public'")
        ]
    reaction_actions.add(talk.store, talk.bob, message_id, TADA)
    keep(talk, PUBLIC, 1)
    clock.advance(1)
    retention.expire(talk.store, clock)
    keep(talk, PUBLIC, None)
    [second, first] = [each for each in restore.listed(talk.store, 10) if each.place == PUBLIC]
    assert (first.id, first.deleted_by, first.sender) == (message_id, None, "ann@example.org")
    restore.restore(talk.store, [first.id, second.id])
    assert set(left(talk.store)) == PUBLICS | PRIVATES | DIRECTS
    with talk.store.read() as reader:
        assert archive.listed(reader, 10) == []
        public = channels.named(reader, PUBLIC)
    assert public is not None
    assert public.first_message_id == message_id
