"""Who is here: told by clients once a minute, forgotten by nobody's disk more often than that."""

from typing import Any

from appliance.model.user import User
from appliance.store import presence as presences
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.presence import Presence
from appliance.store.store import Store
from appliance.store.transaction import Transaction

HISTORY_DAYS, MOST_DAYS = 14, 36_500  # shown unless asked for; asked for at the most
PING_INTERVAL, OFFLINE_AFTER = 60, 200  # seconds
STORED_EVERY = 55  # seconds
COMING_BACK = OFFLINE_AFTER - PING_INTERVAL - 10  # seconds of absence after which a return is told
ACTIVE_WITHIN = 70  # seconds between being active and being connected that still count as active
MOST_TOLD = 100  # people; in a larger team clients learn it by asking


def report(store: Store, user: User, status: str, now: float) -> None:
    """The user's client is `active` or `idle` now. Bots have no presence."""
    if user.is_bot or not user.setting("presence_enabled"):
        return
    with store.read() as reader:
        known = presences.get(reader, user.id)
    if _worth_storing(known, status, now):
        store.write(lambda transaction: _store(transaction, user, status, known), flush=False)


def _worth_storing(known: Presence | None, status: str, now: float) -> bool:
    if known is None:
        return True
    last_active, last_connected = known
    active_news = status == "active" and now - (last_active or 0) >= STORED_EVERY
    return active_news or now - last_connected >= STORED_EVERY


def _store(transaction: Transaction, user: User, status: str, known: Presence | None) -> None:
    if not users.are_active(transaction, {user.id}):  # any more
        return
    now = int(transaction.now())
    was_active = known[0] if known else None
    active = now if status == "active" else was_active
    presences.put(transaction, user.id, active, now)
    if known is None or (status == "active" and now - (was_active or 0) > COMING_BACK):
        _tell(transaction, user, (active, now))


def _tell(transaction: Transaction, user: User, presence: Presence) -> None:
    audience = users.active_ids(transaction)
    if len(audience) > MOST_TOLD:
        return
    event = {
        "type": "presence",
        "user_id": user.id,
        "email": user.email,
        "server_timestamp": transaction.now(),
        "presence": {"website": _legacy(presence)},
        "presences": {str(user.id): _slim(presence)},
    }
    transaction.notice(event, audience)


def everyone(handle: Handle, now: float, *, slim: bool, days: int | None = None) -> dict[str, Any]:
    """`presences`: by id with two times (slim), or by address in the older form."""
    if days == 0:
        return {}
    since = now - 86400 * (HISTORY_DAYS if days is None else min(days, MOST_DAYS))
    seen = presences.since(handle, since)
    if slim:
        return {str(user_id): _slim(presence) for user_id, presence in seen.items()}
    emails = {user.id: user.email for user in users.with_ids(handle, list(seen))} if seen else {}
    return {
        emails[user_id]: {"aggregated": _legacy(presence), "website": _legacy(presence)}
        for user_id, presence in seen.items()
    }


def _slim(presence: Presence) -> dict[str, int]:
    last_active, last_connected = presence
    return {"active_timestamp": last_active or 0, "idle_timestamp": last_connected}


def _legacy(presence: Presence) -> dict[str, Any]:
    last_active, last_connected = presence
    active = last_active is not None and last_active + ACTIVE_WITHIN >= last_connected
    return {
        "client": "website",
        "status": "active" if active else "idle",
        "timestamp": last_connected,
        "pushable": False,
    }
