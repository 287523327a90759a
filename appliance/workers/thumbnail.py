"""Queue `thumbnail`: the small pictures that messages show of an uploaded one are made.

Event: {"id": 3}, of an attachment. Until they are there, messages show the picture itself.
"""

from typing import Unpack

from appliance.actions.file import upload
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.store.transaction import Job
from appliance.workers.parts import Parts


@assign_queue(upload.THUMBNAILS)
class Thumbnails(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store = parts.store

    def consume(self, job: Job, context: Context) -> None:
        upload.make_thumbnails(self._store, job.event()["id"])
