"""Whom a text mentions, of those to whom it goes."""

from collections.abc import Callable, Iterable, Mapping

from appliance.actions.group import access as group_access
from appliance.model import flag, permission
from appliance.model.group_mention import smallest_group
from appliance.model.markdown import Rendered
from appliance.model.user import User
from appliance.store import message as messages
from appliance.store import reaction as reactions
from appliance.store import user_group as groups
from appliance.store.connection import Handle

Participants = Callable[[], Iterable[int]]  # asked only where the text mentions them


def by_group(handle: Handle, rendered: Rendered) -> dict[int, int]:
    """By person the group by which they are mentioned: the smallest, none for who is mentioned by name."""
    mentioned = {each: groups.members(handle, each) for each in rendered.mentioned_group_ids}
    return smallest_group(mentioned, rendered.mentioned_user_ids)


def participants(handle: Handle, writer_id: int, recipient_id: int, topic: str) -> set[int]:
    """Who takes part in a topic: whoever writes there, or has written or reacted."""
    senders = messages.topic_senders(handle, recipient_id, topic)
    return {writer_id, *senders, *reactions.reactors(handle, recipient_id, topic)}


def flags(
    rendered: Rendered,
    groups: Iterable[int],
    recipients: Iterable[int],
    participants: Participants | None,
) -> dict[int, int]:
    """By recipient what the text is to them, as bits of their row. `groups`: whom `by_group` found;
    `participants`: who takes part in the topic; None: it goes to people, not to a channel."""
    marked = dict.fromkeys(recipients, 0)
    _set(marked, rendered.mentioned_user_ids, flag.MENTIONED)
    _set(marked, groups, flag.MENTIONED)
    if participants is not None:
        if rendered.stream_wildcard:
            _set(marked, list(marked), flag.STREAM_WILDCARD_MENTIONED)
        if rendered.topic_wildcard:
            _set(marked, participants(), flag.TOPIC_WILDCARD_MENTIONED)
    return marked


def check_wildcards(handle: Handle, writer: User, rendered: Rendered, marked: Mapping[int, int]) -> None:
    """Raises ApiError where a wildcard mentions many people and the writer may not. `marked`: as by
    `flags`."""
    in_channel = rendered.stream_wildcard and _are_many(marked, flag.STREAM_WILDCARD_MENTIONED)
    in_topic = rendered.topic_wildcard and _are_many(marked, flag.TOPIC_WILDCARD_MENTIONED)
    if (in_channel or in_topic) and not group_access.may(handle, writer, "can_mention_many_users_group"):
        raise permission.ChannelMentionNotAllowed if in_channel else permission.TopicMentionNotAllowed


def _are_many(marked: Mapping[int, int], bit: int) -> bool:
    return _count(marked, bit) > permission.WILDCARD_MENTION_THRESHOLD


def _count(marked: Mapping[int, int], bit: int) -> int:
    return sum(1 for own in marked.values() if own & bit)


def _set(marked: dict[int, int], user_ids: Iterable[int], bit: int) -> None:
    for user_id in user_ids:
        if user_id in marked:
            marked[user_id] |= bit
