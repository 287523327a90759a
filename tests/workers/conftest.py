"""A team that writes messages, and its jobs, taken out of the file by hand."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest

from appliance.actions.message import flag as flag_actions
from appliance.actions.message import send as message_actions
from appliance.actions.message.send import Draft
from appliance.base.metrics import Metrics
from appliance.jobs.deadline import Deadline
from appliance.jobs.worker import Context, QueueProcessingWorker
from appliance.model.user import User
from appliance.outside.mail import Left, forever
from appliance.outside.roads import Roads
from appliance.store import job as jobs
from appliance.store import missed_mail
from appliance.store.missed_mail import MissedMail
from appliance.store.store import Store
from appliance.store.transaction import Job
from appliance.workers.parts import Parts
from tests.conftest import MakeUser, MovableClock, stored
from tests.outside.smtp_sink import SmtpSink
from tests.workers.server import NOREPLY, SECRET, Server, local_previews, local_webhooks


class Letterbox:
    """A mailer that keeps what it gets, or raises what it is given to raise, once for each mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.left: list[float] = []
        self.errors: list[Exception | None] = []
        self.closed = False

    def send(self, message: EmailMessage, left: Left = forever) -> None:
        self.left.append(left())
        error = self.errors.pop(0) if self.errors else None
        if error is not None:
            raise error
        self.mails.append(message)

    def close(self) -> None:
        self.closed = True


@dataclass
class Team:
    """Ann, who is away, and those who write to her. All are in the channel general."""

    store: Store
    ann: User
    bob: User
    cyd: User
    parts: Parts
    context: Context

    def consume(self, worker: Callable[[Parts], QueueProcessingWorker], job: Job) -> None:
        worker(self.parts).consume(job, self.context)

    def direct(self, sender: User, *to: User, text: str = "hello") -> int:
        """The message's id."""
        draft = Draft(sender, text, "test", read_by_sender=True)
        return message_actions.send_direct(self.store, draft, [each.id for each in to])

    def post(self, sender: User, text: str, topic: str = "lunch", channel: str = "general") -> int:
        draft = Draft(sender, text, "test", read_by_sender=True)
        return message_actions.send_to_channel(self.store, draft, channel, topic).id

    def read(self, reader: User, *message_ids: int) -> None:
        flag_actions.update(self.store, reader, list(message_ids), "add", "read")

    def enqueue(self, queue: str, event: Mapping[str, Any]) -> Job:
        """A job as it is found in the file."""
        job_id = self.store.write(lambda transaction: transaction.job(queue, dict(event)))
        assert job_id is not None
        return self.job(job_id)

    def job(self, job_id: int) -> Job:
        with self.store.read() as reader:
            found = jobs.get(reader, job_id)
        assert found is not None
        return found

    def waiting(self, queue: str) -> list[Job]:
        """In the order of ids."""
        with self.store.read() as reader:
            ids = [job_id for job_id, of_queue, _ in jobs.waiting(reader) if of_queue == queue]
            found = [jobs.get(reader, job_id) for job_id in ids]
        return [job for job in found if job is not None]  # a worker may have finished one meanwhile

    def missed(self, user: User) -> list[MissedMail]:
        with self.store.read() as reader:
            return missed_mail.of_user(reader, user.id)

    def left_to_do(self, user: User) -> list[MissedMail | str]:
        """Rows of the person, and the queues of all jobs."""
        with self.store.read() as reader:
            return [*missed_mail.of_user(reader, user.id), *{queue for _, queue, _ in jobs.waiting(reader)}]

    def again(self, user: User) -> User:
        return stored(self.store, user)


@pytest.fixture
def team(store: Store, make_user: MakeUser, parts: Parts, context: Context) -> Team:
    return Team(store, make_user("Ann Miller"), make_user("Bob"), make_user("Cyd"), parts, context)


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def parts(store: Store, clock: MovableClock, letterbox: Letterbox) -> Parts:
    facts = ("https://chat.test", NOREPLY, "help@chat.test", True)
    return Parts(
        store,
        clock,
        letterbox,
        *facts,
        Roads({}),
        False,
        Metrics(),
        SECRET,
        local_webhooks(clock),
        local_previews(),
    )


@pytest.fixture
def context(store: Store, clock: MovableClock) -> Context:
    return Context("queue", 1, Deadline(), clock, store)


@pytest.fixture
def server(team: Team, clock: MovableClock, smtp: SmtpSink) -> Iterator[Server]:
    running = Server(team.store, clock, smtp)
    yield running
    running.stop()
