"""Queue `push_bouncer`: pushes to Zulip's own apps, by their push service; and what it must know of devices.

Events: those of pushing.py, with "encrypted" in the place of "device_id": true for all devices of the person
that get encrypted pushes, false for all others. And, whether there is a push service or not:

    {"type": "register", "user_profile_id": 7, "device_id": 3}      or "unregister"
    {"type": "unregister_all", "user_profile_id": 7}
"""

from typing import Any, cast

from appliance.actions.personal.device import AT_BOUNCER
from appliance.jobs.worker import Context, assign_queue
from appliance.model.device import Device
from appliance.notify.push.form import ENCRYPTED, Form
from appliance.outside.road import BouncerRoad, Outcome
from appliance.store import device as devices
from appliance.store import realm as realms
from appliance.store.connection import Handle
from appliance.store.transaction import Job, Transaction
from appliance.workers.push_outcome import verdict
from appliance.workers.pushing import ONE_BY_ONE, PushWorker


@assign_queue("push_bouncer", policy=ONE_BY_ONE)
class PushBouncer(PushWorker):
    road = "bouncer"

    def consume(self, job: Job, context: Context) -> None:
        event = job.event()
        if event["type"] in ("add", "remove"):
            super().consume(job, context)
            return
        road = cast(BouncerRoad | None, self.parts.roads.named(self.road))
        outcome = self._tell(road, event, context) if road else None
        end = outcome and verdict(
            outcome,
            f"user {event['user_profile_id']}: the push service is not told ({event['type']})",
            last=context.attempt >= self.policy.attempts,
        )
        if end:
            raise end

        def write(transaction: Transaction) -> None:
            if context.acknowledge(transaction, job):
                _settle(transaction, event, told=outcome is not None)

        self.parts.store.write(write, flush=False)

    def devices(self, handle: Handle, event: dict[str, Any]) -> list[Device]:
        """Those that it knows."""
        if event["encrypted"]:
            found = devices.of_user(handle, event["user_profile_id"], "e2ee")
            return [each for each in found if each.keys["device_id"] is not None]
        found = devices.of_user(handle, event["user_profile_id"], *AT_BOUNCER)
        return [each for each in found if each.keys.get("at_bouncer")]

    def form(self, event: dict[str, Any]) -> Form:
        return ENCRYPTED if event["encrypted"] else super().form(event)

    def _tell(self, road: BouncerRoad, event: dict[str, Any], context: Context) -> Outcome | None:
        """None: there is nothing to tell any more."""
        with self.parts.store.read() as reader:
            realm_uuid = realms.get(reader).uuid
            device = _device(reader, event)
        if event["type"] == "unregister_all":
            return road.unregister_all(event["user_profile_id"], realm_uuid, context.deadline.left)
        tell = road.register if event["type"] == "register" else road.unregister
        return tell(device, realm_uuid, context.deadline.left) if device else None


def _device(handle: Handle, event: dict[str, Any]) -> Device | None:
    find = {"register": devices.with_id, "unregister": devices.leaving}.get(event["type"])
    return find(handle, event["device_id"]) if find else None


def _settle(transaction: Transaction, event: dict[str, Any], *, told: bool) -> None:
    if event["type"] == "register" and told:
        devices.known_at_bouncer(transaction, event["device_id"])
    elif event["type"] == "unregister":
        devices.drop_left(transaction, event["device_id"])
