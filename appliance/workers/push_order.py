"""What a job of a road means at the moment of sending: for which devices, and what is said.

The event holds ids, no content: what was read, deleted or hidden since is not sent.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from appliance.actions.message import access as history
from appliance.jobs.verdict import Fail
from appliance.model.device import Device
from appliance.model.flag import Flag
from appliance.model.group import SYSTEM_GROUP
from appliance.model.message import Message
from appliance.model.user import User
from appliance.notify.push import compose
from appliance.notify.push.compose import MentionedGroup, Place
from appliance.notify.push.form import Form
from appliance.notify.push.notification import TIME_TO_LIVE, Notification
from appliance.outside.road import Push
from appliance.store import message as messages
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import Handle

WANTED = Flag.READ | Flag.ACTIVE_PUSH, Flag.ACTIVE_PUSH  # a mask, and what is left of a message's flags


@dataclass(frozen=True, slots=True)
class Sending:
    """`written`: when the message was (epoch seconds); None: it is not about one."""

    push: Push
    user_id: int
    written: int | None


def prepare(
    handle: Handle,
    event: dict[str, Any],
    devices: Sequence[Device],
    form: Form,
    place: Place,
    now: float,
) -> Sending | None:
    """None: there is nothing to send any more. Raises Fail for a message that is too old to be news; what is
    taken back after that time, the services and people have forgotten."""
    user = users.with_id(handle, event["user_profile_id"])
    if user is None or not user.is_active or not devices:
        return None
    if event["type"] == "remove":
        if now - event["time"] > TIME_TO_LIVE:
            return None
        notification, written = compose.removed(user.id, event["message_ids"], place), None
    else:
        message = _message(handle, user, event["message_id"])
        if message is None:
            return None
        if now - message.time > TIME_TO_LIVE:
            raise Fail("the message is older than a day: a push of it is no news")
        group = _group(handle, event["mentioned_user_group_id"])
        notification = compose.added(message, user, event["trigger"], place, group)
        written = message.time
    push = Push(tuple(devices), form(notification), urgent=notification.kind == "add", tag=_tag(notification))
    return Sending(push, user.id, written)


def _tag(notification: Notification) -> str:
    """Of the message, so that one that is pushed again after a crash is seen once. Services see it."""
    if notification.kind != "add":
        return ""
    return hashlib.sha256(f"{notification.realm_uuid} {notification.message_ids}".encode()).hexdigest()[:16]


def _message(handle: Handle, user: User, message_id: int) -> Message | None:
    """If it still needs the push that was decided on."""
    received = messages.with_id(handle, user.id, message_id)
    mask, wanted = WANTED
    if received is None or (received.flags or 0) & mask != wanted:
        return None
    return next(iter(history.as_told(handle, user, history.readable(handle, user, [received]))), None)


def _group(handle: Handle, group_id: int | None) -> MentionedGroup | None:
    if group_id is None:
        return None
    group = groups.with_id(handle, group_id) or SYSTEM_GROUP.get(group_id)
    return MentionedGroup(group_id, group.name) if group else None
