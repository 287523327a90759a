"""POST /register: a new event queue, and the state of everything at the moment at which it begins.

The queue is entered and the file's snapshot is taken at one point between two commits, so that every change
is in exactly one of them; nothing has to be reconciled, and `last_event_id` is always -1.
"""

from typing import Any

import appliance
from appliance.actions.snapshot import SECTIONS, Moment, Wishes
from appliance.base.errors import Unauthorized
from appliance.events.descriptor import ClientDescriptor
from appliance.events.registry import QueueRegistry
from appliance.model.realm_section import ServerFacts
from appliance.model.user import User
from appliance.store import user as users
from appliance.store.connection import Reader
from appliance.store.store import Store

_VERSIONS = {
    "zulip_version": appliance.ZULIP_VERSION,
    "zulip_merge_base": appliance.ZULIP_MERGE_BASE,
    "zulip_feature_level": appliance.ZULIP_FEATURE_LEVEL,
}


def register(
    store: Store,
    registry: QueueRegistry,
    user: User,
    client: ClientDescriptor,
    wishes: Wishes,
    *,
    public_url: str,
    server: ServerFacts,
    now: float,
) -> dict[str, Any]:
    """The body of the answer, for `user` as they are by now. Raises Unauthorized."""
    with store.read() as reader:
        queue = registry.allocate(user.id, client, reader)
        try:
            moment = Moment(reader, _current(reader, user), client, wishes, public_url, server, now)
            return {"queue_id": queue.id, "last_event_id": -1, **_VERSIONS, **_sections(moment)}
        except Exception:
            registry.delete(queue.id, user.id)  # nobody would ever know of it
            raise


def _current(reader: Reader, user: User) -> User:
    """Somebody may have been deactivated since the request came; no event would tell the queue."""
    current = users.with_id(reader, user.id)
    if current is None or not current.is_active:
        raise Unauthorized("Account is deactivated")
    return current


def _sections(moment: Moment) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for section in SECTIONS:
        if section.wanted(moment.wishes.types):
            told |= section.compute(moment)
    return told
