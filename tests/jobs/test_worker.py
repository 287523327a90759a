"""How workers are declared and made, and what they are told."""

import sys
from pathlib import Path

import pytest

from appliance import workers
from appliance.base.config import Config
from appliance.base.errors import ConfigError
from appliance.base.options import JOB_POLICIES
from appliance.jobs import worker as worker_module
from appliance.jobs.policy import DEAD_LETTER, DROP, Policy
from appliance.jobs.worker import (
    Context,
    QueueProcessingWorker,
    WorkerDeclarationError,
    assign_queue,
    declared,
)
from appliance.store.store import Store
from appliance.store.transaction import Job
from tests.conftest import MovableClock, until
from tests.jobs.errands import Errand, Start, enqueue, waiting


class Nameless(QueueProcessingWorker):
    def consume(self, job: Job, context: Context) -> None:
        """Never called."""


def test_a_worker_without_a_queue_cannot_be_made() -> None:  # checklist 26
    with pytest.raises(WorkerDeclarationError, match="Nameless has no queue"):
        Nameless()


def test_two_workers_for_a_queue_are_a_mistake() -> None:
    workers.queues()
    with pytest.raises(WorkerDeclarationError, match="two workers for the queue email_senders"):
        assign_queue("email_senders")(Nameless)


def test_a_worker_that_is_not_enabled_is_left_out() -> None:
    assert "errands" not in declared()


NEW_FILE = """
from appliance.jobs.worker import QueueProcessingWorker, assign_queue

@assign_queue("brand_new")
class BrandNew(QueueProcessingWorker):
    def consume(self, job, context):
        pass
"""


def test_a_new_file_is_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # checklist 42
    (tmp_path / "brand_new.py").write_text(NEW_FILE)
    before = workers.queues()
    monkeypatch.setattr(worker_module, "_declared", dict(before))
    monkeypatch.setattr(workers, "__path__", [*workers.__path__, str(tmp_path)])
    assert workers.queues().keys() - before.keys() == {"brand_new"}
    monkeypatch.delitem(sys.modules, "appliance.workers.brand_new")


def rules(*texts: str) -> dict[str, Policy]:
    config = Config.load(None, {"APPLIANCE_JOBS_POLICIES": ",".join(texts)})
    return workers.policies(config.get(JOB_POLICIES))


@pytest.mark.parametrize(  # checklist 43, 44, 45, 46, 61
    ("setting", "field", "value"),
    [
        ("attempts=5", "attempts", 5),
        ("first_pause=0.5", "first_pause", 0.5),
        ("growth=1.5", "growth", 1.5),
        ("longest_pause=7", "longest_pause", 7.0),
        ("timeout=60", "timeout", 60.0),
        ("timeout=none", "timeout", None),
        ("concurrency=2", "concurrency", 2),
        ("prefetch=7", "prefetch", 7),
        ("batch_size=3", "batch_size", 3),
        ("sleep_delay=0.2", "sleep_delay", 0.2),
        ("shards=4", "shards", 4),
        ("exhausted=drop", "exhausted", DROP),
        ("exhausted=dead", "exhausted", DEAD_LETTER),
    ],
)
def test_the_configuration_overrides_a_policy(setting: str, field: str, value: object) -> None:
    found = rules(f"email_senders {setting}")
    assert getattr(found["email_senders"], field) == value
    assert found["missedmessage_emails"] == workers.queues()["missedmessage_emails"].policy


def test_mistakes_in_policies_are_told_at_once() -> None:  # checklist 61
    with pytest.raises(ConfigError) as caught:
        rules("nobody attempts=1", "email_senders speed=9", "missedmessage_emails timeout=soon")
    told = "\n".join(caught.value.mistakes)
    assert "there is no queue nobody" in told
    assert "email_senders has no speed: there are attempts" in told
    assert "missedmessage_emails timeout must be seconds, or none, not 'soon'" in told


@pytest.mark.parametrize("text", ["email_senders", "attempts=4", "email_senders attempts"])
def test_a_policy_has_a_form(text: str) -> None:
    with pytest.raises(ConfigError, match="must be entries such as"):
        rules(text)


def test_the_context_says_what_there_is_to_know(store: Store, start: Start, clock: MovableClock) -> None:
    seen: list[Context] = []

    class Curious(Errand):
        def consume(self, job: Job, context: Context) -> None:
            seen.append(context)

    start(Curious())
    enqueue(store, 1)
    until(lambda: seen)
    [context] = seen
    assert (context.queue, context.attempt) == ("errands", 1)
    assert (context.clock, context.store) == (clock, store)
    assert 0 < context.deadline.left() <= 30


def test_who_acknowledges_with_the_effect_does_it_once(store: Store, start: Start) -> None:  # checklist 65
    worker = Errand()
    acknowledged: list[bool] = []

    def twice(job: Job, context: Context) -> None:
        for _ in range(2):
            acknowledged.append(store.write(lambda transaction: context.acknowledge(transaction, job)))

    worker.consume = twice  # type: ignore[method-assign]
    start(worker)
    enqueue(store, 1)
    until(lambda: not waiting(store) and len(acknowledged) == 2)
    assert acknowledged == [True, False]
