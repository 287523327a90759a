"""Queue `deferred_work`: what an action left to be done."""

import logging

import pytest

from appliance.actions.channel import archive as channel_archive
from appliance.actions.channel.archive import BATCH, MARK_READ, QUEUE
from appliance.actions.message import batch
from appliance.actions.user import password_reset
from appliance.model.user import Role
from appliance.notify import mail_job
from appliance.store import unread
from appliance.store.transaction import Job
from appliance.workers.deferred_work import DeferredWork
from tests.conftest import MakeUser
from tests.workers.conftest import Team

MESSAGES = BATCH + 10


@pytest.fixture
def job(team: Team, make_user: MakeUser) -> Job:
    """General is archived, in which Ann has not read many messages."""
    for _ in range(MESSAGES):
        team.post(team.bob, "hello")
    with team.store.read() as reader:
        channel_id = reader.value("SELECT id FROM channel WHERE name = 'general'")
    channel_archive.archive(team.store, make_user("Olga", role=Role.OWNER), channel_id)
    [found] = team.waiting(QUEUE)
    return found


def left(team: Team) -> int:
    with team.store.read() as reader:
        return len(unread.of_user(reader, team.ann.id, 1000))


def test_an_archived_channel_is_read_by_everybody(  # checklist 69
    team: Team, job: Job, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    team.consume(DeferredWork, job)
    assert left(team) == 0
    assert MARK_READ in caplog.text


def test_done_again_it_does_nothing(team: Team, job: Job) -> None:
    for _ in range(2):
        team.consume(DeferredWork, job)
    assert team.waiting(QUEUE) == [job]


def test_what_takes_too_long_goes_on_in_another_job(
    team: Team, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "SECONDS", 0)
    team.consume(DeferredWork, job)
    [_, rest] = team.waiting(QUEUE)
    assert rest.event() == {**job.event(), "min_id": rest.event()["min_id"]}
    assert left(team) == MESSAGES + 1 - BATCH  # with the word that it was archived
    team.consume(DeferredWork, rest)
    assert left(team) == 0


def test_who_forgot_their_password_is_mailed(team: Team) -> None:
    job = team.enqueue(QUEUE, {"type": password_reset.KIND, "email": team.ann.delivery_email})
    team.consume(DeferredWork, job)
    [mail] = team.waiting(mail_job.QUEUE)
    link = mail.event()["context"]["reset_url"]
    assert link.startswith(f"{team.parts.public_url}/login/")
