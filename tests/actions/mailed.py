"""Mails that wait to be sent."""

from typing import Any

from appliance.notify import mail_job
from appliance.store import job as jobs
from appliance.store.store import Store


def mailed(store: Store) -> list[dict[str, Any]]:
    """The events of the queue `email_senders`, oldest first."""
    with store.read() as reader:
        found = [jobs.get(reader, job_id) for job_id, _, _ in jobs.waiting(reader)]
    return [each.event() for each in found if each is not None and each.queue == mail_job.QUEUE]
