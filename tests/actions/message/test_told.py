"""From an action to the jobs that mail and push it."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.channel import subscription_property
from appliance.actions.personal import device, user_topic
from appliance.actions.user import presence
from appliance.actions.user import setting as setting_actions
from appliance.model.concern import MAILS, PUSHES
from appliance.model.topic import Policy
from appliance.notify.decision import decide
from appliance.store import job as job_table
from tests.actions.conftest import PUBLIC, Team
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem

BOTH = {MAILS, PUSHES}


@pytest.fixture
def system(team: Team, clock: MovableClock) -> EventSystem:
    return EventSystem(team.store, clock, decide)


@pytest.fixture(autouse=True)
def browser(team: Team) -> int:
    """A browser of Bob's, or nobody would think of pushing."""
    return device.register(team.store, team.bob, "web", "https://push.test/", {})


def test_who_has_no_device_is_only_mailed(team: Team, system: EventSystem, browser: int) -> None:
    device.remove(team.store, team.bob, browser)
    mention(team)
    assert told_bob(team, system) == {MAILS: "mentioned"}


def told_bob(team: Team, system: EventSystem) -> dict[str, str]:
    """For what reason (of each road) he is told now."""
    system.apply()
    with team.store.read() as reader:
        jobs = [job_table.get(reader, job_id) for job_id, _, _ in job_table.waiting(reader)]
    found = [(job.queue, job.event()) for job in jobs if job is not None]
    return {queue: event["trigger"] for queue, event in found if event["user_profile_id"] == team.bob.id}


def mention(team: Team) -> None:
    team.send(team.ann, PUBLIC, "@**Bob** look")


def write_to(team: Team) -> None:
    team.write_to(team.ann, team.bob)


def post(team: Team) -> None:
    team.send(team.ann, PUBLIC)


def mention_all(team: Team) -> None:
    team.send(team.ann, PUBLIC, "@**all** look")


def follow(team: Team) -> None:
    user_topic.choose(team.store, team.bob, team.channel_id(PUBLIC), "lunch", Policy.FOLLOWED)


def hear_all(team: Team) -> None:
    change = (team.channel_id(PUBLIC), "push_notifications", True)
    subscription_property.change(team.store, team.bob, [change])


def follow_nothing(team: Team) -> None:
    """Whoever is mentioned follows the topic, which is a reason of its own."""
    setting_actions.change(team.store, team.bob, {"automatically_follow_topics_where_mentioned": False})


# checklist 20
def test_a_mention_is_mailed_and_pushed_to_who_is_away(team: Team, system: EventSystem) -> None:
    mention(team)
    assert told_bob(team, system) == dict.fromkeys(BOTH, "mentioned")


def test_who_is_here_is_pushed_at_once_and_mailed_if_they_miss_it(
    team: Team, system: EventSystem, clock: MovableClock
) -> None:
    queue = system.register(team.bob.id)
    presence.report(team.store, team.bob, "active", clock.now())
    mention(team)
    assert told_bob(team, system) == {PUSHES: "mentioned"}
    system.registry.delete(queue.id, team.bob.id)
    assert told_bob(team, system) == dict.fromkeys(BOTH, "mentioned")
    with team.store.read() as reader:
        assert len(job_table.waiting(reader)) == len(BOTH)


OFFLINE_OFF = {"enable_offline_email_notifications": False, "enable_offline_push_notifications": False}


# checklist 49
@pytest.mark.parametrize(
    ("prepare", "deed", "preference", "left"),
    [
        (follow_nothing, mention, {"enable_offline_email_notifications": False}, {PUSHES}),
        (follow_nothing, mention, {"enable_offline_push_notifications": False}, {MAILS}),
        (follow_nothing, mention, OFFLINE_OFF, set()),
        (follow_nothing, write_to, {"enable_offline_email_notifications": False}, {PUSHES}),
        (follow_nothing, write_to, {"enable_offline_push_notifications": False}, {MAILS}),
        (follow_nothing, mention_all, {"wildcard_mentions_notify": False}, set()),
        (follow, post, {"enable_followed_topic_email_notifications": False}, {PUSHES}),
        (follow, post, {"enable_followed_topic_push_notifications": False}, {MAILS}),
    ],
)
def test_a_preference_that_is_turned_off_stops_that_notification(
    team: Team,
    system: EventSystem,
    prepare: Callable[[Team], None],
    deed: Callable[[Team], None],
    preference: dict[str, Any],
    left: set[str],
) -> None:
    prepare(team)
    deed(team)
    assert told_bob(team, system).keys() == BOTH
    team.store.write(lambda transaction: transaction.execute("DELETE FROM job"))
    setting_actions.change(team.store, team.bob, preference)
    deed(team)
    assert told_bob(team, system).keys() == left


def test_a_preference_that_is_turned_on_is_obeyed(team: Team, system: EventSystem) -> None:
    post(team)
    assert told_bob(team, system) == {}
    hear_all(team)
    post(team)
    assert told_bob(team, system) == {PUSHES: "stream_push_notify"}
