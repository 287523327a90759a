"""Messages that are to be sent later, as their senders see them."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.message import scheduled as actions
from appliance.actions.message.scheduled import NoSuchScheduledMessage, Wish
from appliance.actions.message.send import Draft
from appliance.base.errors import ApiError
from appliance.model import scheduled_message as model
from appliance.model.scheduled_message import Target
from appliance.model.user import User
from appliance.store import job as jobs
from appliance.store.scheduled_message import QUEUE
from tests.actions.conftest import PRIVATE, PUBLIC, Team, Told
from tests.conftest import MovableClock

HOUR = 3600


@pytest.fixture
def due(clock: MovableClock) -> int:
    return int(clock.now()) + HOUR


def schedule(team: Team, sender: User, where: Target, due: int, content: str = "**hello**") -> int:
    return actions.add(team.store, Draft(sender, content, "test", read_by_sender=False), where, due)


def lunch(team: Team) -> Target:
    return Target(team.channel_id(PUBLIC), (), "lunch")


def listed(team: Team, user: User) -> list[dict[str, Any]]:
    with team.store.read() as reader:
        return actions.listed(reader, user.id)


def waiting(team: Team) -> list[tuple[dict[str, Any], int | None]]:
    """(event, time) of the jobs."""
    with team.store.read() as reader:
        found = [jobs.get(reader, job_id) for job_id, queue, _ in jobs.waiting(reader) if queue == QUEUE]
    return [(job.event(), job.run_at) for job in found if job is not None]


def test_scheduling_one(team: Team, told: Told, due: int) -> None:
    message_id = schedule(team, team.ann, lunch(team), due)
    message = {
        "scheduled_message_id": message_id,
        "type": "stream",
        "to": team.channel_id(PUBLIC),
        "topic": "lunch",
        "content": "**hello**",
        "rendered_content": "<p><strong>hello</strong></p>",
        "scheduled_delivery_timestamp": due,
        "failed": False,
    }
    assert listed(team, team.ann) == [message]
    event = {"type": "scheduled_messages", "op": "add", "scheduled_messages": [message]}
    assert told.look() == [(event, [team.ann.id])]
    assert waiting(team) == [({"id": message_id, "user_profile_id": team.ann.id}, due * 1000 + 1)]


def test_changing_one_changes_its_job(team: Team, told: Told, due: int) -> None:
    message_id = schedule(team, team.ann, lunch(team), due)
    told.look()
    actions.change(team.store, team.ann, message_id, Wish(content="hi", due=due + HOUR, topic="dinner"))
    [message] = listed(team, team.ann)
    assert (message["content"], message["topic"]) == ("hi", "dinner")
    event = {"type": "scheduled_messages", "op": "update", "scheduled_message": message}
    assert told.look() == [(event, [team.ann.id])]
    assert [run_at for _, run_at in waiting(team)] == [(due + HOUR) * 1000 + 1]


def test_sending_it_to_others_instead(team: Team, due: int) -> None:
    message_id = schedule(team, team.ann, lunch(team), due)
    actions.change(team.store, team.ann, message_id, Wish(False, [team.bob.id]))
    [message] = listed(team, team.ann)
    assert (message["type"], message["to"]) == ("private", [team.bob.id])
    assert "topic" not in message
    actions.change(team.store, team.ann, message_id, Wish(True, [team.channel_id(PUBLIC)], "lunch"))
    assert listed(team, team.ann)[0]["topic"] == "lunch"


def test_dropping_one(team: Team, told: Told, due: int) -> None:
    message_id = schedule(team, team.ann, lunch(team), due)
    told.look()
    actions.remove(team.store, team.ann, message_id)
    event = {"type": "scheduled_messages", "op": "remove", "scheduled_message_id": message_id}
    assert told.look() == [(event, [team.ann.id])]
    assert (listed(team, team.ann), waiting(team)) == ([], [])


@pytest.mark.parametrize(
    "deed",
    [
        lambda team, message_id: actions.change(team.store, team.bob, message_id, Wish(content="x")),
        lambda team, message_id: actions.remove(team.store, team.bob, message_id),
    ],
)
def test_others_have_nothing_there(
    team: Team, told: Told, due: int, deed: Callable[[Team, int], None]
) -> None:
    message_id = schedule(team, team.ann, lunch(team), due)
    told.look()
    with pytest.raises(NoSuchScheduledMessage):
        deed(team, message_id)
    assert (told.look(), listed(team, team.bob), len(listed(team, team.ann))) == ([], [], 1)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(), "Nothing to change"),
        (Wish(False), "Recipient required when updating type"),
        (Wish(False, [99_999]), "Invalid user ID 99999"),
        (Wish(to=[1, 2]), "Cannot send to multiple channels"),
        (Wish(to=[99_999]), "Channel with ID '99999' does not exist"),
        (Wish(content=" "), "Message must not be empty"),
        (Wish(due=0), "Scheduled delivery time must be in the future"),
        (Wish(due=2**60), "Invalid scheduled_delivery_timestamp"),
    ],
)
def test_what_it_cannot_become(team: Team, told: Told, due: int, wish: Wish, error: str) -> None:
    message_id = schedule(team, team.ann, lunch(team), due)
    told.look()
    with pytest.raises(ApiError, match=error):
        actions.change(team.store, team.ann, message_id, wish)
    assert told.look() == []


def test_one_to_people_needs_a_topic_for_a_channel(team: Team, due: int) -> None:
    message_id = schedule(team, team.ann, Target(None, (team.bob.id,)), due)
    with pytest.raises(ApiError, match="Topic required when updating scheduled message type to channel"):
        actions.change(team.store, team.ann, message_id, Wish(True, [team.channel_id(PUBLIC)]))


def test_who_may_not_write_there_may_not_later(team: Team, due: int) -> None:
    with pytest.raises(ApiError, match="does not exist"):
        schedule(team, team.erin, Target(team.channel_id(PRIVATE), (), "lunch"), due)
    assert waiting(team) == []


def test_there_are_not_too_many(team: Team, due: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST", 1)
    schedule(team, team.ann, lunch(team), due)
    with pytest.raises(ApiError, match="1 scheduled messages at most"):
        schedule(team, team.ann, lunch(team), due)
