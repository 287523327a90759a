"""Why somebody is told of a message once the time has come: an edit may have taken their mention away."""

from dataclasses import replace

from appliance.model import flag
from appliance.model.listener import Listener
from appliance.model.message import Message
from appliance.model.topic import Policy
from appliance.model.user import User
from appliance.notify import interest
from appliance.notify.decision import MENTIONS, Road, trigger_now
from appliance.store import listener as listeners
from appliance.store import user_topic as user_topics
from appliance.store.connection import Handle
from appliance.store.message import Received

_FLAGS = {each.trigger: each.flag for each in MENTIONS}


def of(handle: Handle, user: User, received: Received, raised: str, road: Road) -> str | None:
    """The trigger `raised` of when it was decided, if it holds; or else what tells them without it; None:
    nothing does."""
    names = flag.names(received.flags or 0)
    needed = _FLAGS.get(raised)
    if needed is None or needed in names:
        return raised
    listener = _listener(handle, user.id, received.message)
    if listener is None:
        return None
    bits = {user.id: received.flags or 0}
    sets = interest.reasons([listener], bits) | interest.manners([listener])
    return trigger_now(road, sets, {"id": user.id, "flags": names})


def _listener(handle: Handle, user_id: int, message: Message) -> Listener | None:
    """As they were when it came: whoever follows the topic since then mostly does so for the mention."""
    place = message.channel_id or 0, message.topic
    found = next(iter(listeners.in_channel(handle, *place, [user_id])), None)
    if found is None or user_id not in user_topics.newly_followed(handle, *place, message.time):
        return found
    return replace(found, policy=Policy.INHERIT)
