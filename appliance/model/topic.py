"""Topics: what one is to a person (its visibility policy), and when that changes by itself."""

from collections.abc import Collection
from enum import IntEnum

from appliance.base.errors import ApiError
from appliance.model.message import EMPTY_TOPIC_ALIASES, MAX_TOPIC
from appliance.model.user import User


class Policy(IntEnum):
    """INHERIT, which is stored for no topic: as the channel is."""

    INHERIT = 0
    MUTED = 1
    UNMUTED = 2
    FOLLOWED = 3


# Values of automatically_follow_topics_policy and automatically_unmute_topics_in_muted_streams_policy.
ON_PARTICIPATION, ON_SENDING, ON_INITIATION, NEVER = 1, 2, 3, 4


def check_name(topic: str) -> str:
    """The topic as stored; the names of the empty topic become "". Raises ApiError with Zulip's texts."""
    topic = topic.strip()
    if len(topic) > MAX_TOPIC:
        raise ApiError(f"topic is too long (limit: {MAX_TOPIC} characters)")
    return "" if topic in EMPTY_TOPIC_ALIASES else topic


def merged(one: Policy, other: Policy) -> Policy:
    """Of a topic that two have become."""
    if one == other:
        return one
    return Policy.UNMUTED if Policy.UNMUTED in (one, other) else Policy.INHERIT


REACTING = frozenset({ON_PARTICIPATION})
WRITING = REACTING | {ON_SENDING}
INITIATING = WRITING | {ON_INITIATION}  # writing where one sees no message before one's own


def policy_of_participant(
    person: User, occasions: Collection[int], *, channel_muted: bool, now: Policy
) -> Policy:
    """What the topic is to somebody who takes part in it. `occasions`: what their deed is; `now`: what it
    was. Following goes before unmuting, which only a muted channel needs."""
    if person.is_bot or now == Policy.FOLLOWED:
        return now
    if person.setting("automatically_follow_topics_policy") in occasions:
        return Policy.FOLLOWED
    unmutes = person.setting("automatically_unmute_topics_in_muted_streams_policy") in occasions
    return Policy.UNMUTED if channel_muted and unmutes else now


def follows_where_mentioned(person: User, now: Policy) -> bool:
    """Does somebody who is mentioned in a topic follow it from then on?"""
    wanted = person.setting("automatically_follow_topics_where_mentioned")
    return wanted and not person.is_bot and now not in (Policy.MUTED, Policy.FOLLOWED)
