"""Queue `realm_exports`: the organization is written into a file for the administrator who asked for it.

Event: {"realm_export_id": 3, "user_profile_id": 7}
"""

from typing import Unpack

from appliance.actions.export import archive, request
from appliance.base.errors import StorageError
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import Verdict
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.model.export import PATH, Export
from appliance.store.transaction import Job
from appliance.workers.parts import Parts


# An export is made once. The second try is for who finds, after a crash, that the first one did not end.
@assign_queue(request.QUEUE, policy=Policy(attempts=2, timeout=None))
class RealmExports(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._clock, self._public_url = parts.store, parts.clock, parts.public_url
        archive.sweep(parts.store.folder / PATH)
        request.give_up_abandoned(parts.store, parts.public_url)

    def consume(self, job: Job, context: Context) -> None:
        archive.sweep(self._store.folder / PATH)
        export = request.begin(self._store, job.event()["realm_export_id"], self._public_url)
        if export is not None:
            self._make(export, context)

    def _make(self, export: Export, context: Context) -> None:
        """Whatever goes wrong, the administrators hear of it, and ask again if they like."""
        from appliance.actions.export import whole  # not above: few servers ever need it

        path = request.path(self._store, export)

        def step(done: int, of: int) -> None:
            context.deadline.check()  # the server stops

        try:
            size = whole.write(self._store, path, export.kind, self._clock.now(), step)
            request.succeed(self._store, export, size, self._public_url)
        except (Verdict, StorageError):
            raise
        except Exception as error:
            request.fail(self._store, export, f"{type(error).__name__}: {error}", self._public_url)
