"""What a notice of a message says of those whom it may concern, so that fan-out can decide without the file
(notify/decision.py): keys of its event that end with `_user_ids`, and never go to clients."""

from collections.abc import Mapping

from appliance.model import flag
from appliance.model.listener import Listener
from appliance.model.realm_section import OFFLINE_SECONDS
from appliance.notify import interest
from appliance.notify.interest import Sets
from appliance.store import device as devices
from appliance.store import listener as listeners
from appliance.store import muted_user as muted_users
from appliance.store import presence as presences
from appliance.store import realm as realms
from appliance.store.connection import Handle


def of_channel(
    handle: Handle, channel_id: int, topic: str, sender_id: int, bits: Mapping[int, int], now: float
) -> Sets:
    """Of a new or edited message; empty if nobody is to be told. `bits`: by recipient the flags of their
    row."""
    marked = [each for each, own in bits.items() if own & flag.MENTIONS]
    wanted = {*marked, *listeners.hearing(handle, channel_id, topic)} & bits.keys() - {sender_id}
    if not wanted:
        return {}
    others = listeners.in_channel(handle, channel_id, topic, wanted)
    reasons = interest.reasons(others, bits)
    concerned = {user_id for ids in reasons.values() for user_id in ids}
    concerned.update(each for each in marked if bits[each] & flag.MENTIONED)
    manners = _manners(handle, [each for each in others if each.user_id in concerned], sender_id, now)
    if not manners:
        return {}
    outsiders = concerned - {sender_id} - {each.user_id for each in others}
    return {**reasons, **manners, **({"outsider_user_ids": sorted(outsiders)} if outsiders else {})}


def of_direct(handle: Handle, sender_id: int, bits: Mapping[int, int], now: float) -> Sets:
    """Of a message to people: it concerns them all."""
    others = listeners.among(handle, [each for each in bits if each != sender_id])
    return _manners(handle, others, sender_id, now)


def _manners(handle: Handle, concerned: list[Listener], sender_id: int, now: float) -> Sets:
    if not concerned:
        return {}
    user_ids = [each.user_id for each in concerned]
    muters = muted_users.muters(handle, sender_id)
    return {
        **interest.manners(concerned),
        "without_device_user_ids": devices.without(handle, user_ids),
        "muted_sender_user_ids": [each for each in user_ids if each in muters],
        "presence_idle_user_ids": _idle(handle, user_ids, now),
    }


def _idle(handle: Handle, user_ids: list[int], now: float) -> list[int]:
    """Where nobody shows whether they are here, nobody is known to be away."""
    if realms.get(handle).setting("presence_disabled"):
        return []
    active = presences.active_since(handle, user_ids, now - OFFLINE_SECONDS)
    return [each for each in user_ids if each not in active]
