"""The section `unread_msgs` of a snapshot, which both message and update_message_flags events change."""

from collections import defaultdict
from typing import Any

from appliance.actions.snapshot import Snapshot
from appliance.model.flag import WILDCARD, Flag
from appliance.model.message import shown_topic
from appliance.store import unread

MAX_UNREAD = 50_000  # messages told, the newest


def unread_messages(snapshot: Snapshot) -> dict[str, Any]:
    """The section, by conversation."""
    rows = unread.conversations(snapshot.reader, snapshot.user.id, MAX_UNREAD)
    direct: dict[int, list[int]] = defaultdict(list)
    groups: dict[str, list[int]] = defaultdict(list)
    topics: dict[tuple[int, str], list[int]] = defaultdict(list)
    mentions, count = [], 0
    for message_id, _, channel_id, member_ids, topic, flags, muted in rows:
        count += not muted
        if flags & Flag.MENTIONED or (flags & WILDCARD and not muted):
            mentions.append(message_id)
        if channel_id is not None:
            topics[channel_id, shown_topic(topic, snapshot.client.empty_topic_name)].append(message_id)
        elif member_ids.count(",") > 1:
            groups[member_ids].append(message_id)
        else:
            direct[_other(member_ids, snapshot.user.id)].append(message_id)
    return {
        "unread_msgs": {
            "count": count,
            "pms": [
                {"other_user_id": other, "sender_id": other, "unread_message_ids": ids}
                for other, ids in direct.items()
            ],
            "huddles": [
                {"user_ids_string": listed, "unread_message_ids": ids} for listed, ids in groups.items()
            ],
            "streams": [
                {"stream_id": channel_id, "topic": topic, "unread_message_ids": ids}
                for (channel_id, topic), ids in topics.items()
            ],
            "mentions": mentions,
            "old_unreads_missing": len(rows) == MAX_UNREAD,
        }
    }


def _other(member_ids: str, user_id: int) -> int:
    """The other one of a conversation of two; oneself in one's own."""
    people = [int(each) for each in member_ids.split(",")]
    return next((each for each in people if each != user_id), user_id)
