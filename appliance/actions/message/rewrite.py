"""The new text of a message, and what that makes of those whom it mentions."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from appliance.actions.file import attachment
from appliance.actions.message import link_card, mention, notice_facts, rendering
from appliance.actions.message import taking_back as push
from appliance.actions.personal import alert_word
from appliance.model import flag
from appliance.model.channel import Channel
from appliance.model.markdown import Rendered, is_me_message
from appliance.model.message import Message
from appliance.model.user import User
from appliance.notify.interest import Sets as Facts
from appliance.store import edit as edits
from appliance.store import received
from appliance.store import user_topic as user_topics
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

_TOLD_FOLLOWERS = {"followed_topic_push_user_ids", "followed_topic_email_user_ids"}


@dataclass(frozen=True, slots=True)
class Text:
    """Checked and rendered."""

    content: str
    rendered: Rendered


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What is said of it: in the event, to the notification decision, in the message's history; and of the
    user's own files to which no message links any more."""

    fields: dict[str, Any] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    entry: dict[str, Any] = field(default_factory=dict)
    detached: list[dict[str, Any]] = field(default_factory=list)


def apply(
    transaction: Transaction, user: User, message: Message, channel: Channel | None, text: Text
) -> Rewritten:
    """Raises ApiError for wildcards that the user may not use."""
    before = received.flags(transaction, message.id)
    after = _flags(transaction, message, channel, text, before)
    mention.check_wildcards(transaction, user, text.rendered, after)
    received.set_flags(
        transaction, message.id, {each: own for each, own in after.items() if own != before[each]}
    )
    holds = rendering.holds(transaction, text.rendered)
    edits.set_content(transaction, message.id, text.content, text.rendered.html, holds)
    detached = attachment.reclaim(transaction, user, message.id, text.rendered.upload_paths)
    link_card.order(transaction, message.id, text.content, text.rendered, by_bot=user.is_bot)
    facts: Facts = {}
    if channel is not None:
        facts = _facts(transaction, user, message, channel, after)
        facts["prior_mention_user_ids"] = _mentioned(before)
        told_anyway = facts.get("stream_push_user_ids", ())
        _take_back(transaction, message.id, {*_mentioned(before)} - {*_mentioned(after), *told_anyway})
    return Rewritten(_fields(message, text), facts, _entry(message), detached)


def _flags(
    handle: Handle, message: Message, channel: Channel | None, text: Text, before: dict[int, int]
) -> dict[int, int]:
    """By recipient, with what the new text is to them in the place of what the old one was."""

    def participants() -> set[int]:
        return mention.participants(handle, message.sender.id, message.recipient_id, message.topic)

    groups = mention.by_group(handle, text.rendered)
    bits = mention.flags(text.rendered, groups, before, None if channel is None else participants)
    alert_word.mark(handle, text.content, bits)
    return {each: own & ~flag.OF_TEXT | bits[each] for each, own in before.items()}


def _facts(
    transaction: Transaction, user: User, message: Message, channel: Channel, after: dict[int, int]
) -> Facts:
    """Whoever hears all of the topic was told of the message when it came: not who follows it only since."""
    place = channel.id, message.topic
    facts = notice_facts.of_channel(transaction, *place, user.id, after, transaction.now())
    new = user_topics.newly_followed(transaction, *place, message.time)
    for name in _TOLD_FOLLOWERS & facts.keys():
        facts[name] = [each for each in facts[name] if each not in new]
    return facts


def _mentioned(flags: dict[int, int]) -> list[int]:
    """In any way."""
    return [each for each, own in flags.items() if own & flag.MENTIONS]


def _take_back(transaction: Transaction, message_id: int, user_ids: Collection[int]) -> None:
    for each in sorted(user_ids):
        push.take_back(transaction, each, [message_id])


def _fields(message: Message, text: Text) -> dict[str, Any]:
    return {
        "orig_content": message.content,
        "orig_rendered_content": message.rendered_content,
        "content": text.content,
        "rendered_content": text.rendered.html,
        "is_me_message": is_me_message(text.content),
    }


def _entry(message: Message) -> dict[str, Any]:
    return {"prev_content": message.content, "prev_rendered_content": message.rendered_content}
