"""From an edit to the jobs that mail and push it: who is mentioned by it alone is told, nobody else."""

from typing import Any

import pytest

from appliance.actions.bot.account import Wanted, create
from appliance.actions.message import edit as edit_actions
from appliance.actions.message.edit import Wish
from appliance.actions.personal import device, muted_user
from appliance.actions.user import presence
from appliance.actions.user import setting as setting_actions
from appliance.model.bot import OUTGOING_WEBHOOK
from appliance.model.concern import MAILS, PUSHES
from appliance.notify.decision import decide
from appliance.store import job as job_table
from tests.actions.conftest import PRIVATE, PUBLIC, Team
from tests.actions.message.test_told import BOTH, follow_nothing, hear_all, told_bob
from tests.conftest import MovableClock
from tests.events.conftest import EventSystem


@pytest.fixture
def system(team: Team, clock: MovableClock) -> EventSystem:
    """Bob has a browser for pushes, and follows no topic for being mentioned there."""
    follow_nothing(team)
    device.register(team.store, team.bob, "web", "https://push.test/", {})
    return EventSystem(team.store, clock, decide)


def edit(team: Team, message_id: int, content: str | None, **more: Any) -> None:
    edit_actions.edit(team.store, team.ann, message_id, Wish(content, **more))


def forget(team: Team, system: EventSystem) -> None:
    """What is told so far."""
    system.apply()
    team.store.write(lambda transaction: transaction.execute("DELETE FROM job"))


@pytest.mark.parametrize(
    ("before", "after", "trigger"),
    [
        ("hello", "hello @**Bob**", "mentioned"),
        ("hello", "@**all** hello", "stream_wildcard_mentioned"),
        ("@_**Bob** said", "@**Bob** said", "mentioned"),
        ("@**Bob** hello", "@**Bob** hello again", None),
        ("@**Bob** hello", "@**all** hello", None),
        ("@**all** hello", "@**Bob** hello", None),
        ("@**Bob** hello", "hello", None),
        ("hello", "hello again", None),
    ],
)
def test_an_edit(team: Team, system: EventSystem, before: str, after: str, trigger: str | None) -> None:
    message_id = team.send(team.ann, PUBLIC, before)
    forget(team, system)
    edit(team, message_id, after)
    assert told_bob(team, system) == ({} if trigger is None else dict.fromkeys(BOTH, trigger))


def test_who_hears_all_of_the_channel_heard_it_when_it_came(team: Team, system: EventSystem) -> None:
    hear_all(team)
    message_id = team.send(team.ann, PUBLIC)
    forget(team, system)
    edit(team, message_id, "@**Bob** hello")
    assert told_bob(team, system) == {}


def test_a_mention_that_comes_back_is_told_again(team: Team, system: EventSystem) -> None:
    message_id = team.send(team.ann, PUBLIC, "@**Bob** hello")
    edit(team, message_id, "hello")
    forget(team, system)
    edit(team, message_id, "@**Bob** hello")
    assert told_bob(team, system) == dict.fromkeys(BOTH, "mentioned")


def test_who_follows_only_since_it_was_told_nothing_when_it_came(
    team: Team, system: EventSystem, clock: MovableClock
) -> None:
    """As they do for a mention that was taken away."""
    setting_actions.change(team.store, team.bob, {"automatically_follow_topics_where_mentioned": True})
    message_id = team.send(team.ann, PUBLIC, "@**Bob** hello")
    edit(team, message_id, "hello")
    forget(team, system)
    edit(team, message_id, "@**Bob** hello")
    assert told_bob(team, system) == dict.fromkeys(BOTH, "mentioned")
    clock.advance(1)
    later = team.send(team.ann, PUBLIC)
    forget(team, system)
    edit(team, later, "@**Bob** hello")
    assert told_bob(team, system) == {}


def test_a_direct_message_tells_when_it_comes_and_never_again(team: Team, system: EventSystem) -> None:
    message_id = team.write_to(team.ann, team.bob)
    forget(team, system)
    edit(team, message_id, "@**Bob** hello")
    assert told_bob(team, system) == {}


def test_moving_tells_nobody(team: Team, system: EventSystem) -> None:
    team.join(PRIVATE, team.olga)
    message_id = team.send(team.ann, PUBLIC, "@**Bob** hello")
    forget(team, system)
    edit(team, message_id, None, topic="dinner")
    edit_actions.edit(team.store, team.olga, message_id, Wish(channel_id=team.channel_id(PRIVATE)))
    assert told_bob(team, system) == {}


def test_an_edit_that_also_moves_tells_whom_it_mentions(team: Team, system: EventSystem) -> None:
    message_id = team.send(team.ann, PUBLIC)
    forget(team, system)
    edit(team, message_id, "@**Bob** hello", topic="dinner")
    assert told_bob(team, system) == dict.fromkeys(BOTH, "mentioned")


def test_who_has_muted_the_editor_is_not_told(team: Team, system: EventSystem) -> None:
    message_id = team.send(team.ann, PUBLIC)
    muted_user.mute(team.store, team.bob, team.ann.id)
    forget(team, system)
    edit(team, message_id, "@**Bob** hello")
    assert told_bob(team, system) == {}


def test_who_is_here_is_mailed_of_it_if_they_miss_it(
    team: Team, system: EventSystem, clock: MovableClock
) -> None:
    queue = system.register(team.bob.id)
    presence.report(team.store, team.bob, "active", clock.now())
    message_id = team.send(team.ann, PUBLIC)
    edit(team, message_id, "@**Bob** hello")
    assert told_bob(team, system) == {PUSHES: "mentioned"}
    system.registry.delete(queue.id, team.bob.id)
    assert told_bob(team, system) == {PUSHES: "mentioned", MAILS: "mentioned"}


def told(team: Team, system: EventSystem) -> set[int]:
    """Who is told by any road."""
    system.apply()
    with team.store.read() as reader:
        jobs = [job_table.get(reader, job_id) for job_id, _, _ in job_table.waiting(reader)]
    return {job.event()["user_profile_id"] for job in jobs if job is not None and job.queue in BOTH}


def test_who_has_left_is_not_told_while_others_are(team: Team, system: EventSystem) -> None:
    team.join(PUBLIC, team.erin)
    message_id = team.send(team.ann, PUBLIC)
    team.leave(PUBLIC, team.bob)
    forget(team, system)
    edit(team, message_id, "@**Bob** @**Erin** hello")
    assert told(team, system) == {team.erin.id}


def test_a_bot_that_is_called_from_outside_is_not_told_while_others_are(
    team: Team, system: EventSystem
) -> None:
    wanted = Wanted("Ping", "ping", OUTGOING_WEBHOOK, "https://bot.test/hook")
    create(team.store, team.ann, wanted, "chat.test")
    team.send(team.ann, PUBLIC, "@**Ping** @**Bob** hello")
    assert told(team, system) == {team.bob.id}
