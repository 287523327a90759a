"""Queue `realm_exports`: a file for each request, or a word that there is none."""

import os
from pathlib import Path
from typing import Any

import pytest

from appliance.actions.export import archive, request
from appliance.base.errors import StorageError
from appliance.jobs.deadline import Deadline
from appliance.jobs.verdict import WorkerTimeout
from appliance.jobs.worker import Context
from appliance.model.export import PATH, Export, Kind, Status
from appliance.model.user import Role, User
from appliance.store import job as job_table
from appliance.store import realm_export
from appliance.store.transaction import Job, Transaction
from appliance.workers.realm_exports import RealmExports
from tests.actions.exported import Exported
from tests.conftest import MakeUser
from tests.workers.conftest import Team


@pytest.fixture
def olga(team: Team, make_user: MakeUser) -> User:
    team.post(team.bob, "hello all")
    team.direct(team.bob, team.ann)
    return make_user("Olga", role=Role.OWNER)


@pytest.fixture
def job(team: Team, olga: User) -> Job:
    request.ask(team.store, olga, Kind.PUBLIC, team.parts.public_url)
    [job] = team.waiting(request.QUEUE)
    return job


def stored(team: Team, job: Job) -> Export:
    with team.store.read() as reader:
        found = realm_export.get(reader, job.event()["realm_export_id"])
    assert found is not None
    return found


def files(team: Team) -> list[Path]:
    return [*(team.store.folder / PATH).iterdir()]


def test_it_makes_the_file(team: Team, job: Job) -> None:  # checklist 101
    team.consume(RealmExports, job)
    export = stored(team, job)
    assert export.status == Status.SUCCEEDED
    [path] = files(team)
    assert (path.name, path.stat().st_size) == (export.name, export.size)
    made = Exported.read(path)
    assert made.texts == {"hello all"}
    assert made.mistakes() == []


def test_a_second_delivery_does_nothing(team: Team, job: Job) -> None:
    team.consume(RealmExports, job)
    before = stored(team, job), files(team)[0].read_bytes()
    team.consume(RealmExports, job)
    assert (stored(team, job), files(team)[0].read_bytes()) == before


def test_a_delivery_after_a_crash_does_not_run_it_again(team: Team, job: Job) -> None:  # checklist 101
    request.begin(team.store, job.event()["realm_export_id"], team.parts.public_url)
    left = team.store.folder / PATH / f"{archive.FOLDER}left"
    left.mkdir(parents=True)
    (left / "archive").touch()
    team.consume(RealmExports, job)
    assert stored(team, job).status == Status.FAILED
    assert files(team) == []


def test_one_that_is_gone(team: Team, olga: User) -> None:
    team.consume(
        RealmExports, team.enqueue(request.QUEUE, {"realm_export_id": 9, "user_profile_id": olga.id})
    )


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("odd")])
def test_a_failure(team: Team, job: Job, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    team.consume(RealmExports, job)
    export = stored(team, job)
    assert export.status == Status.FAILED
    assert str(error) in (export.error or "")
    assert files(team) == []


def test_a_stop_ends_it(team: Team, job: Job, context: Context) -> None:
    """The next server finds it begun."""
    deadline = Deadline()
    deadline.expire()
    with pytest.raises(WorkerTimeout):
        RealmExports(team.parts).consume(job, context._replace(deadline=deadline))
    assert stored(team, job).status == Status.STARTED
    assert files(team) == []
    team.consume(RealmExports, job)
    assert stored(team, job).status == Status.FAILED


def test_a_database_that_takes_nothing(team: Team, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is delivered again, and has failed."""

    def fail(*_: Any) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(realm_export, "finish", fail)
        with pytest.raises(StorageError):
            team.consume(RealmExports, job)
    team.consume(RealmExports, job)
    assert stored(team, job).status == Status.FAILED
    assert files(team) == []


def test_one_whose_job_is_gone_has_failed(team: Team, job: Job) -> None:
    """Somebody has dropped it, or it is a dead letter."""
    RealmExports(team.parts)
    assert stored(team, job).status == Status.REQUESTED
    odd = "INSERT INTO job(queue, body, created) VALUES (?, x'6f', 0)"

    def write(transaction: Transaction) -> None:
        job_table.done(transaction, [job.id])
        transaction.execute(odd, request.QUEUE)

    team.store.write(write)
    RealmExports(team.parts)
    assert stored(team, job).status == Status.FAILED


def test_it_sweeps_when_it_is_built(team: Team, olga: User) -> None:
    left = team.store.folder / PATH / f"{archive.FOLDER}left"
    left.mkdir(parents=True)
    RealmExports(team.parts)
    assert not left.exists()
