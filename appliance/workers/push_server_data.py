"""Queue `push_server_data`: tells Zulip's push service of this server; the answer says if it pushes for us.

Event: {"statistics": true}
"""

import logging
from typing import Any, Unpack

from appliance.actions.realm import push_service, server_data
from appliance.jobs.policy import DROP, Policy
from appliance.jobs.verdict import Drop, Retry
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.model.push_status import parse as push_status
from appliance.outside.bouncer.answer import BouncerError, RetryLater, ServerTrouble
from appliance.outside.bouncer.service import BouncerRoad
from appliance.outside.road import Left
from appliance.store import realm as realms
from appliance.store.transaction import Job
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)


# The next one comes in an hour anyway.
@assign_queue(push_service.UPLOAD, policy=Policy(timeout=200.0, first_pause=60.0, attempts=3, exhausted=DROP))
class PushServerData(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._parts = parts

    def consume(self, job: Job, context: Context) -> None:
        road = self._parts.roads.named("bouncer")
        if not isinstance(road, BouncerRoad):
            return
        try:
            answer = self._upload(road, job.event()["statistics"], context.deadline.left)
        except BouncerError as error:
            self._not_told(error)
        else:
            self._told(answer)

    def _upload(self, road: BouncerRoad, statistics: bool, left: Left) -> dict[str, Any]:
        known = road.client.known_statistics(left) if statistics else None
        key, now = road.client.account.org_key, self._parts.clock.now()
        tables = server_data.tables(self._parts.store, self._parts.public_url, key, now, known)
        return road.client.upload_statistics(tables, left)

    def _told(self, answer: dict[str, Any]) -> None:
        with self._parts.store.read() as reader:
            uuid = realms.get(reader).uuid
        listed = answer.get("realms")
        status = push_status(listed.get(uuid)) if isinstance(listed, dict) else None
        if status is not None:
            push_service.change(self._parts.store, status)

    def _not_told(self, error: BouncerError) -> None:
        """A failure that is the service's own says nothing of us. Raises verdicts."""
        if not isinstance(error, ServerTrouble):
            push_service.failed(self._parts.store, self._parts.clock.now())
        if isinstance(error, RetryLater):
            raise Retry(str(error), error.wait, counts=error.tried) from error
        log.warning("the push service is not told of this server: %s", error)
        raise Drop(str(error)) from error
