"""Queue `missedmessage_mobile_notifications`: what is to be pushed, or taken back, for each device.

Events, whose "type" may be missing for the first:

    {"type": "add", "user_profile_id": 7, "message_id": 991, "trigger": "mentioned",
     "mentioned_user_group_id": null}
    {"type": "remove", "user_profile_id": 7, "message_ids": [991, 992]}
    {"type": "register_push_device_to_bouncer", "payload": {"user_profile_id": 7, "push_account_id": 2408,
     "encrypted_push_registration": "…", "bouncer_public_key": "…"}}

One transaction checks, flags the message, makes a job for each device in the queue of its road, and
acknowledges: no device is told twice, and what one road does not take is tried again there alone.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Unpack

from appliance.actions.message import access as history
from appliance.actions.message import current_reason
from appliance.base.errors import ApplianceError
from appliance.jobs.verdict import Fail, Verdict
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.model.device import Device
from appliance.model.flag import Flag
from appliance.model.user import User
from appliance.notify.decision import PUSH
from appliance.notify.push.notification import MOST_REMOVED
from appliance.outside.roads import queue
from appliance.store import device as devices
from appliance.store import message as messages
from appliance.store import user as users
from appliance.store.transaction import Job, Transaction
from appliance.workers.encrypted_registration import EncryptedRegistration
from appliance.workers.parts import Parts
from appliance.workers.pushing import OUTLASTING

log = logging.getLogger(__name__)

NOTICED = Flag.READ | Flag.ACTIVE_PUSH  # it needs no push, or has one
ONLINE, OFFLINE = "enable_online_push_notifications", "enable_offline_push_notifications"


# Registrations alone are ever tried again.
@assign_queue("missedmessage_mobile_notifications", policy=replace(OUTLASTING, timeout=None))
class MissedMessageMobileNotifications(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._roads = parts.store, parts.roads
        self._registration = EncryptedRegistration(parts)

    def consume(self, job: Job, context: Context) -> None:
        """Raises Fail for an event that makes no sense: it will not make more at another try."""
        try:
            self._consume(job, job.event(), context)
        except (ApplianceError, Verdict):
            raise
        except Exception as error:
            raise Fail(f"{type(error).__name__}: {error}") from error

    def _consume(self, job: Job, event: dict[str, Any], context: Context) -> None:
        if event.get("type") == "register_push_device_to_bouncer":
            self._registration.consume(job, event["payload"], context, self.policy)
            return
        deed: Callable[[Transaction, dict[str, Any]], None]
        deed = self._remove if event.get("type") == "remove" else self._add

        def write(transaction: Transaction) -> None:
            if context.acknowledge(transaction, job):
                deed(transaction, event)

        self._store.write(write, flush=False)

    def _add(self, transaction: Transaction, event: dict[str, Any]) -> None:
        message_id: int = event["message_id"]
        user = users.with_id(transaction, event["user_profile_id"])
        if user is None or not _wants(user):
            return
        orders = self._orders(devices.of_user(transaction, user.id))
        trigger = _trigger(transaction, user, message_id, event["trigger"]) if orders else None
        if trigger is None:
            return
        group_id = event.get("mentioned_user_group_id") if trigger == event["trigger"] else None
        messages.set_flag(transaction, user.id, [message_id], Flag.ACTIVE_PUSH, True)
        about = {
            "type": "add",
            "user_profile_id": user.id,
            "message_id": message_id,
            "trigger": trigger,
            "mentioned_user_group_id": group_id,
        }
        _enqueue(transaction, orders, about)

    def _remove(self, transaction: Transaction, event: dict[str, Any]) -> None:
        """Of messages that may be gone."""
        user_id: int = event["user_profile_id"]
        message_ids: list[int] = sorted(event["message_ids"])
        messages.set_flag(transaction, user_id, message_ids, Flag.ACTIVE_PUSH, False)
        orders = self._orders(devices.of_user(transaction, user_id))
        newest = message_ids[-MOST_REMOVED:]
        if newest:
            about = {
                "type": "remove",
                "user_profile_id": user_id,
                "message_ids": newest,
                "time": int(transaction.now()),
            }
            _enqueue(transaction, orders, about)

    def _orders(self, found: Sequence[Device]) -> "list[_Order]":
        """One for each device; by the bouncer one for all, and one for all that get encrypted pushes."""
        orders: list[_Order] = []
        for device in found:
            road = self._roads.of(device)
            if road == "bouncer":
                orders.append((queue(road), {"encrypted": device.kind == "e2ee"}))
            elif road is not None:
                orders.append((queue(road), {"device_id": device.id}))
        return [order for number, order in enumerate(orders) if order not in orders[:number]]


_Order = tuple[str, dict[str, Any]]  # a queue, and for which device or devices


def _enqueue(transaction: Transaction, orders: Sequence[_Order], about: dict[str, Any]) -> None:
    for road, device in orders:
        transaction.job(road, {**about, **device})
    log.debug("user %d: %s for %d devices", about["user_profile_id"], about["type"], len(orders))


def _wants(user: User) -> bool:
    if user.is_bot:
        log.warning("user %d is a bot: it gets no push", user.id)
    return user.is_active and not user.is_bot and bool(user.setting(ONLINE) or user.setting(OFFLINE))


def _trigger(transaction: Transaction, user: User, message_id: int, raised: str) -> str | None:
    """Why it is pushed now; None: it is gone, not theirs to read, read, pushed, or mentions them no more."""
    received = messages.with_id(transaction, user.id, message_id)
    if received is None or received.flags is None or not history.readable(transaction, user, [received]):
        log.info("message %d is gone, or no longer for user %d: no push", message_id, user.id)
        return None
    if received.flags & NOTICED:
        return None
    return current_reason.of(transaction, user, received, raised, PUSH)
