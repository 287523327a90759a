"""What the push service says of the organization, and what its people hear of that."""

from typing import Any

import pytest

from appliance.actions.realm import push_service
from appliance.actions.realm.push_service import RECENT, UPLOAD
from appliance.model.push_status import PushStatus
from appliance.store import job as jobs
from appliance.store import realm as realms
from appliance.store.store import Store
from tests.actions.conftest import Team, Told
from tests.conftest import MovableClock

ON, OFF, ENDING = PushStatus(True, None), PushStatus(False, None), PushStatus(True, 1_800_000_000)
ENABLED, UNTIL = "push_notifications_enabled", "push_notifications_enabled_end_timestamp"


def kept(store: Store) -> PushStatus:
    with store.read() as reader:
        return realms.get(reader).push_status


def waiting(store: Store) -> list[tuple[str, int | None, dict[str, Any]]]:
    with store.read() as reader:
        found = [jobs.get(reader, job_id) for job_id, _, _ in jobs.waiting(reader)]
    return [(each.queue, each.run_at, each.event()) for each in found if each]


@pytest.mark.parametrize(
    ("before", "after", "events"),
    [
        (OFF, ON, {ENABLED: True}),
        (ON, OFF, {ENABLED: False}),
        (ON, ENDING, {UNTIL: 1_800_000_000}),
        (ENDING, OFF, {ENABLED: False, UNTIL: None}),
        (ON, ON, {}),
    ],
)
def test_everybody_hears_of_a_change(
    team: Team, told: Told, before: PushStatus, after: PushStatus, events: dict[str, Any]
) -> None:
    push_service.change(team.store, before)
    told.look()
    push_service.change(team.store, after)
    heard = told.look()
    assert kept(team.store) == after
    assert {event["property"]: event["value"] for event, _ in heard} == events
    for event, users in heard:
        assert (event["type"], event["op"]) == ("realm", "update")
        assert {team.olga.id, team.gwen.id} <= set(users)


def test_without_the_service_the_configuration_decides(team: Team, told: Told) -> None:
    # checklist 129
    push_service.begin(team.store, reaches_phones=True, by_service=False)
    assert kept(team.store) == ON
    push_service.begin(team.store, reaches_phones=False, by_service=False)
    assert kept(team.store) == OFF
    assert [event["value"] for event, _ in told.look()] == [True, False]
    assert waiting(team.store) == []


def test_with_the_service_it_is_asked_at_once(team: Team, told: Told) -> None:
    push_service.change(team.store, ENDING)
    push_service.begin(team.store, reaches_phones=True, by_service=True)
    assert kept(team.store) == ENDING
    assert waiting(team.store) == [(UPLOAD, None, {"statistics": False})]


def test_one_upload_waits_at_a_time(team: Team) -> None:
    for _ in range(3):
        push_service.order_upload(team.store, statistics=True)
    [(queue, run_at, event)] = waiting(team.store)
    assert (queue, event) == (UPLOAD, {"statistics": True})
    assert run_at is not None


def test_what_says_nothing_changes_nothing(team: Team, told: Told, clock: MovableClock) -> None:
    push_service.change(team.store, ON)
    told.look()
    push_service.heard(team.store, None, clock.now())
    assert (kept(team.store), told.look()) == (ON, [])


def test_answers_that_bring_nothing_new_write_nothing(team: Team, clock: MovableClock) -> None:
    push_service.heard(team.store, ON, clock.now())
    writes = team.store.committer.writes
    clock.advance(60)
    push_service.heard(team.store, ON, clock.now())
    assert team.store.committer.writes == writes


@pytest.mark.parametrize(("age", "after"), [(RECENT - 700, ON), (RECENT + 1, OFF)])
def test_a_failure_counts_once_no_push_has_worked_lately(
    team: Team, clock: MovableClock, age: float, after: PushStatus
) -> None:
    push_service.heard(team.store, ON, clock.now())
    clock.advance(age)
    push_service.failed(team.store, clock.now())
    assert kept(team.store) == after


def test_a_push_that_was_refused_has_not_worked(team: Team, clock: MovableClock) -> None:
    push_service.change(team.store, ON)
    push_service.heard(team.store, OFF, clock.now())
    push_service.change(team.store, ON)
    push_service.failed(team.store, clock.now())
    assert kept(team.store) == OFF
