"""Who is here: told by clients once a minute, forgotten by nobody's disk more often than that."""

from typing import Any

from appliance.actions.user import sight
from appliance.actions.user.people import NO_SUCH_USER
from appliance.base.errors import ApiError
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
    audience = sight.audience(transaction, user)
    if len(audience) <= MOST_TOLD:
        transaction.notice(_event(transaction, user, presence), audience)


def introduce(transaction: Transaction, user: User, user_ids: list[int]) -> None:
    """To people who did not know of the user before."""
    known = presences.get(transaction, user.id)
    if known is not None and user.is_active:
        transaction.notice(_event(transaction, user, known), user_ids)


def _event(transaction: Transaction, user: User, presence: Presence) -> dict[str, Any]:
    return {
        "type": "presence",
        "user_id": user.id,
        "email": user.email,
        "server_timestamp": transaction.now(),
        "presence": {"website": _legacy(presence)},
        "presences": {str(user.id): _slim(presence)},
    }


def everyone(
    handle: Handle, viewer: User, now: float, *, slim: bool, days: int | None = None
) -> dict[str, Any]:
    """Of whom the viewer may know. By id with two times (slim), or by address in the older form."""
    if days == 0:
        return {}
    since = now - 86400 * (HISTORY_DAYS if days is None else min(days, MOST_DAYS))
    return _shown(handle, viewer, presences.since(handle, since), slim=slim)


def newer(handle: Handle, viewer: User, update_id: int) -> dict[str, Any]:
    """As `everyone` in the slim form: what has changed since that number was the last."""
    return _shown(handle, viewer, presences.newer(handle, update_id), slim=True)


def last_update(handle: Handle) -> int:
    """The number from which clients go on."""
    return presences.last_update(handle)


def _shown(handle: Handle, viewer: User, seen: dict[int, Presence], *, slim: bool) -> dict[str, Any]:
    known = sight.of(handle, viewer)
    people = [each for each in users.with_ids(handle, list(seen)) if known.knows(each)] if seen else []
    if slim:
        return {str(each.id): _slim(seen[each.id]) for each in people}
    return {each.email: _both(seen[each.id]) for each in people}


def of_one(handle: Handle, viewer: User, user: User | None, asked: str, now: float) -> dict[str, Any]:
    """`asked`: who, in the viewer's words. Raises ApiError, the same for whom they may not know as for
    nobody."""
    if user is None or not user.is_active or not sight.of(handle, viewer).knows(user):
        raise ApiError(NO_SUCH_USER)
    if user.is_bot:
        raise ApiError("Presence is not supported for bot users.")
    known = presences.get(handle, user.id)
    if known is None:
        raise ApiError(f"No presence data for {asked}")
    shown = _both(known)
    if now - known[1] > OFFLINE_AFTER:
        shown = {name: {**each, "status": "offline"} for name, each in shown.items()}
    return {
        name: {key: each[key] for key in ("status", "timestamp")} for name, each in shown.items()
    }


def _both(presence: Presence) -> dict[str, Any]:
    return {"aggregated": _legacy(presence), "website": _legacy(presence)}


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
