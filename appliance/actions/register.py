"""POST /register: a new event queue, and the state of everything at the moment at which it begins.

The queue is entered and the file's snapshot is taken at one point between two commits, so that every change
is in exactly one of them; nothing has to be reconciled, and `last_event_id` is always -1.
"""

from typing import Any

import appliance
from appliance.actions.snapshot import SECTIONS, Snapshot, Wishes
from appliance.actions.unread import unread_messages
from appliance.events.descriptor import ClientDescriptor
from appliance.events.registry import QueueRegistry
from appliance.model.realm import ServerFacts
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store.store import Store


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
    """The body of the answer."""
    with store.read() as reader:
        queue = registry.allocate(user.id, client, reader)
        snapshot = Snapshot(reader, user, client, wishes, realms.get(reader), public_url, server, now)
        sections = _sections(snapshot)
    return {
        "queue_id": queue.id,
        "last_event_id": -1,
        "zulip_version": appliance.ZULIP_VERSION,
        "zulip_merge_base": appliance.ZULIP_MERGE_BASE,
        "zulip_feature_level": appliance.ZULIP_FEATURE_LEVEL,
        **sections,
    }


def _sections(snapshot: Snapshot) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, section in SECTIONS.items():
        if snapshot.wishes.wants(name):
            found |= section(snapshot)
    if snapshot.wishes.wants("message") and snapshot.wishes.wants("update_message_flags"):
        found |= unread_messages(snapshot)
    return found
