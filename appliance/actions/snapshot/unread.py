"""The section `unread_msgs`: what is not read yet, by conversation."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from appliance.actions.snapshot.moment import Moment
from appliance.model import flag
from appliance.model.message import shown_topic
from appliance.store import unread
from appliance.store.connection import Row

MAX_UNREAD = 50_000  # messages told, the newest

Ids = list[int]  # of messages, ascending


@dataclass(slots=True)
class _Unread:
    count: int = 0  # without muted channels
    mentions: Ids = field(default_factory=list)
    direct: dict[int, Ids] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, Ids] = field(default_factory=lambda: defaultdict(list))
    topics: dict[tuple[int, str], tuple[str, Ids]] = field(default_factory=dict)


def unread_messages(moment: Moment) -> dict[str, Any]:
    rows = unread.conversations(moment.reader, moment.user.id, MAX_UNREAD)
    found = _sorted(rows, moment.user.id)
    capable = moment.client.empty_topic_name
    return {
        "unread_msgs": {
            "count": found.count,
            "pms": [
                {"other_user_id": other, "sender_id": other, "unread_message_ids": ids}
                for other, ids in found.direct.items()
            ],
            "huddles": [
                {"user_ids_string": members, "unread_message_ids": ids}
                for members, ids in found.groups.items()
            ],
            "streams": [
                {"stream_id": channel_id, "topic": shown_topic(topic, capable), "unread_message_ids": ids}
                for (channel_id, _), (topic, ids) in found.topics.items()
            ],
            "mentions": found.mentions,
            "old_unreads_missing": len(rows) == MAX_UNREAD,
        }
    }


def _sorted(rows: list[Row], me: int) -> _Unread:
    found = _Unread()
    for message_id, channel_id, member_ids, topic, flags, muted in rows:
        found.count += not muted
        if flag.counts_as_mention(flags, muted):
            found.mentions.append(message_id)
        if channel_id is not None:  # topics that differ by case only are one
            found.topics.setdefault((channel_id, topic.lower()), (topic, []))[1].append(message_id)
        elif member_ids.count(",") > 1:
            found.groups[member_ids].append(message_id)
        else:
            found.direct[_other(member_ids, me)].append(message_id)
    return found


def _other(member_ids: str, me: int) -> int:
    """The other one of a conversation of two; oneself in one's own."""
    people = [int(each) for each in member_ids.split(",")]
    return next((each for each in people if each != me), me)
