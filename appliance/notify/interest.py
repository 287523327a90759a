"""Who is interested in a message, and how: the id sets from which the decision is made (decision.py).

Each set is a key of the notice's event. The tables say who is in which, by what they have set and what the
message is to them (`bits`: the flags of their row).
"""

from collections.abc import Callable, Iterable, Mapping

from appliance.model import flag
from appliance.model.listener import Listener

Bits = Mapping[int, int]  # by user id
Sets = dict[str, list[int]]
Rule = Callable[[Listener, int], object]

_WILDCARDS = ("wildcard_mentions_notify", "wildcard_mentions_notify")
_FOLLOWED_WILDCARDS = "enable_followed_topic_wildcard_mentions_notify"

# Reasons to be told of a message in a channel.
REASONS: dict[str, Rule] = {
    "stream_push_user_ids": lambda one, bits: one.hears(
        "push_notifications", "enable_stream_push_notifications"
    ),
    "stream_email_user_ids": lambda one, bits: one.hears(
        "email_notifications", "enable_stream_email_notifications"
    ),
    "followed_topic_push_user_ids": lambda one, bits: one.follows("enable_followed_topic_push_notifications"),
    "followed_topic_email_user_ids": lambda one, bits: one.follows(
        "enable_followed_topic_email_notifications"
    ),
    "stream_wildcard_mention_user_ids": lambda one, bits: (
        bits & flag.STREAM_WILDCARD_MENTIONED and one.hears(*_WILDCARDS)
    ),
    "topic_wildcard_mention_user_ids": lambda one, bits: (
        bits & flag.TOPIC_WILDCARD_MENTIONED and one.hears(*_WILDCARDS)
    ),
    "stream_wildcard_mention_in_followed_topic_user_ids": lambda one, bits: (
        bits & flag.STREAM_WILDCARD_MENTIONED and one.follows(_FOLLOWED_WILDCARDS)
    ),
    "topic_wildcard_mention_in_followed_topic_user_ids": lambda one, bits: (
        bits & flag.TOPIC_WILDCARD_MENTIONED and one.follows(_FOLLOWED_WILDCARDS)
    ),
}

# What keeps somebody who has a reason from being told, or tells them nonetheless.
MANNERS: dict[str, Callable[[Listener], object]] = {
    "online_push_user_ids": lambda one: one.setting("enable_online_push_notifications"),
    "dm_mention_push_disabled_user_ids": lambda one: not one.setting("enable_offline_push_notifications"),
    "dm_mention_email_disabled_user_ids": lambda one: not one.setting("enable_offline_email_notifications"),
    "all_bot_user_ids": lambda one: one.is_bot,
}


def reasons(listeners: Iterable[Listener], bits: Bits) -> Sets:
    """Of a message in a channel; sets with nobody in them are left out."""
    people = [(each, bits[each.user_id]) for each in listeners]
    found = {
        name: [each.user_id for each, own in people if applies(each, own)]
        for name, applies in REASONS.items()
    }
    return {name: ids for name, ids in found.items() if ids}


def manners(listeners: Iterable[Listener]) -> Sets:
    people = list(listeners)
    found = {name: [each.user_id for each in people if applies(each)] for name, applies in MANNERS.items()}
    return {name: ids for name, ids in found.items() if ids}
