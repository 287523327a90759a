"""Sending a message."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from appliance.actions import channel as channel_actions
from appliance.actions import mention, notice_facts, user_topic
from appliance.actions.audience import Audience, audience
from appliance.actions.directory import render
from appliance.actions.mention import Participants
from appliance.base.errors import ApiError, ChannelDoesNotExist
from appliance.model import message as message_model
from appliance.model import permission, webhook
from appliance.model.channel import Channel
from appliance.model.markdown import Rendered
from appliance.model.message import Message, Person
from appliance.model.topic import Policy
from appliance.model.user import User
from appliance.notify.interest import Sets as Facts
from appliance.store import bot_service as bot_services
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

LARGEST_GROUP = 500  # people in a direct conversation
WEBHOOKS = "outgoing_webhooks"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send. `local_id` and `queue_id` come back in the sender's own event."""

    sender: User
    content: str
    client: str
    read_by_sender: bool
    local_id: str | None = None
    queue_id: str | None = None


class Sent(NamedTuple):
    """A new message. `policy`: what its topic has become to the sender by it; None: what it was."""

    id: int
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft that was checked and rendered."""

    draft: Draft
    content: str
    rendered: Rendered


def send_to_channel(store: Store, draft: Draft, channel: str | int, topic: str) -> Sent:
    """`channel`: name or id. Raises ApiError with Zulip's texts."""
    topic = message_model.check_topic(topic)

    ready = prepare_to_channel(store, draft, channel)
    return store.write(lambda t: store_in_channel(t, ready, channel, topic))


def send_direct(store: Store, draft: Draft, to: list[int] | list[str]) -> int:
    """The new message's id. `to`: ids or addresses; the sender need not be among them. Raises ApiError."""
    ready = prepare_direct(store, draft, to)
    return store.write(lambda t: store_direct(t, ready, to))


# -- in two steps


def prepare_to_channel(store: Store, draft: Draft, channel: str | int) -> Ready:
    """To be stored with `store_in_channel`. Raises ApiError."""
    return _prepare(store, draft, lambda handle: postable(handle, draft.sender, channel))


def store_in_channel(transaction: Transaction, ready: Ready, channel: str | int, topic: str) -> Sent:
    """`topic`: checked. Raises ApiError."""
    return _store_in_channel(transaction, ready, postable(transaction, ready.draft.sender, channel), topic)


def prepare_direct(store: Store, draft: Draft, to: list[int] | list[str]) -> Ready:
    """To be stored with `store_direct`. Raises ApiError."""
    return _prepare(store, draft, lambda handle: participants(handle, draft.sender, to))


def store_direct(transaction: Transaction, ready: Ready, to: list[int] | list[str]) -> int:
    """Raises ApiError."""
    return _store_direct(transaction, ready, participants(transaction, ready.draft.sender, to))


def _prepare(store: Store, draft: Draft, target: Callable[[Handle], object]) -> Ready:
    """All that needs no write lock. The target is looked up once more inside the transaction."""
    content = message_model.check_content(draft.content)
    with store.read() as reader:
        target(reader)
        rendered = render(reader, draft.sender, content)
    return Ready(draft, content, rendered)


# -- as a bot that was asked


def prepare_answer(store: Store, draft: Draft) -> Ready:
    """To be stored with `store_answer` or `store_report`. Raises ApiError."""
    return _prepare(store, draft, lambda _: None)


def store_answer(transaction: Transaction, ready: Ready, asked: Message) -> None:
    """In the conversation of `asked`, without asking whether the bot may write there; nothing if that is no
    more."""
    if asked.is_direct:
        people = users.with_ids(transaction, [each.id for each in asked.people])
        _store_direct(transaction, ready, [each for each in people if each.is_active])
    elif (channel := channels.with_id(transaction, asked.channel_id or 0)) is not None:
        _store_in_channel(transaction, ready, channel, asked.topic)


def store_report(transaction: Transaction, ready: Ready, owner: User) -> None:
    """To the bot's owner alone."""
    _store_direct(transaction, ready, sorted((ready.draft.sender, owner), key=lambda each: each.id))


# -- to a channel


def postable(handle: Handle, sender: User, wanted: str | int) -> Channel:
    if isinstance(wanted, int):
        channel, missing = channels.with_id(handle, wanted), ChannelDoesNotExist(channel_id=wanted)
    else:
        channel, missing = channels.named(handle, wanted), ChannelDoesNotExist(name=wanted)
    if channel is None:
        raise missing
    subscribed = subscriptions.is_subscribed(handle, channel.id, sender.id)
    if not permission.sees_channel(sender, channel, subscribed):
        raise missing
    permission.check_posts(sender, channel, subscribed)
    return channel


def _store_in_channel(transaction: Transaction, ready: Ready, channel: Channel, topic: str) -> Sent:
    """What a topic becomes to people by the message, it is not yet for the message itself."""
    sender = ready.draft.sender

    def participants() -> set[int]:
        return mention.participants(transaction, sender.id, channel.recipient_id, topic)

    called = bot_services.bots_among(transaction, ready.rendered.mentioned_user_ids)
    recipients = [*{*subscriptions.subscriber_ids(transaction, channel.id), *called}]
    people = _audience(transaction, ready, recipients, participants)
    mention.check_wildcards(sender, ready.rendered, people.flags)
    now = transaction.now()
    facts = notice_facts.of_channel(transaction, channel.id, topic, sender.id, people.flags, now)
    policy = user_topic.written_in(transaction, sender, channel, topic)
    user_topic.mentioned_in(transaction, people.mentioned, channel.id, topic)
    stored = _store(transaction, ready, channel.recipient_id, topic, people.flags)
    message = replace(stored, channel_id=channel.id, channel_name=channel.name)
    _announce(transaction, ready, message, people, facts, public_channel=not channel.invite_only)
    if channel.first_message_id is None:
        channel_actions.find_first_message(transaction, channel)
    return Sent(message.id, policy)


# -- to people


def participants(handle: Handle, sender: User, to: list[int] | list[str]) -> list[User]:
    """Everybody in the conversation, the sender included. Raises ApiError with Zulip's texts."""
    if not to:
        raise ApiError("Message must have recipients")
    if len(to) > LARGEST_GROUP:
        raise ApiError(f"A conversation can have {LARGEST_GROUP} people at most.")
    found = {sender.id: sender}
    for each in to:
        user = _addressed(handle, each)
        if not user.is_active:
            raise ApiError(f"'{user.full_name}' is no longer using Zulip.")
        found[user.id] = user
    return [found[user_id] for user_id in sorted(found)]


def _addressed(handle: Handle, each: int | str) -> User:
    if isinstance(each, int):
        user, unknown = users.with_id(handle, each), f"Invalid user ID {each}"
    else:
        user, unknown = users.with_email(handle, each.strip()), f"Invalid email '{each}'"
    if user is None:
        raise ApiError(unknown)
    return user


def _store_direct(transaction: Transaction, ready: Ready, people: list[User]) -> int:
    user_ids = [each.id for each in people]
    recipient_id = recipients.find_or_add(transaction, user_ids)
    told = _audience(transaction, ready, user_ids)
    facts = notice_facts.of_direct(transaction, ready.draft.sender.id, told.flags, transaction.now())
    stored = _store(transaction, ready, recipient_id, "", told.flags)
    message = replace(stored, people=tuple(_person(each) for each in people))
    _announce(transaction, ready, message, told, facts, public_channel=False)
    return message.id


# -- both


def _audience(
    handle: Handle, ready: Ready, user_ids: list[int], participants: Participants | None = None
) -> Audience:
    draft = ready.draft
    return audience(
        handle,
        ready.content,
        ready.rendered,
        user_ids,
        sender_id=draft.sender.id,
        read_by_sender=draft.read_by_sender,
        participants=participants,
    )


def _person(user: User) -> Person:
    return Person(user.id, user.email, user.full_name)


def _store(
    transaction: Transaction, ready: Ready, recipient_id: int, topic: str, flags: dict[int, int]
) -> Message:
    draft = ready.draft
    now = int(transaction.now())
    message_id = messages.add(
        transaction,
        sender_id=draft.sender.id,
        recipient_id=recipient_id,
        topic=topic,
        content=ready.content,
        rendered_content=ready.rendered.html,
        time=now,
        client=draft.client,
    )
    messages.deliver(transaction, message_id, flags)
    return Message(
        message_id,
        _person(draft.sender),
        recipient_id,
        topic,
        ready.content,
        ready.rendered.html,
        now,
        draft.client,
    )


def _announce(
    transaction: Transaction,
    ready: Ready,
    message: Message,
    people: Audience,
    facts: Facts,
    *,
    public_channel: bool,
) -> None:
    event = {
        "type": "message",
        "message": message_model.wide(message),
        "public_channel": public_channel,
        **facts,
    }
    if ready.draft.local_id is not None:
        event |= {"local_id": ready.draft.local_id, "sender_queue_id": ready.draft.queue_id}
    transaction.notice(event, people.told())
    _call_services(transaction, ready, message, people)


def _call_services(transaction: Transaction, ready: Ready, message: Message, people: Audience) -> None:
    """Of bots that a person has written to."""
    if ready.draft.sender.is_bot:
        return
    called = people.flags if message.is_direct else ready.rendered.mentioned_user_ids & people.flags.keys()
    trigger = webhook.DIRECT if message.is_direct else webhook.MENTION
    for bot_id in bot_services.bots_among(transaction, called):
        event = {"user_profile_id": bot_id, "message_id": message.id, "trigger": trigger}
        transaction.job(WEBHOOKS, event)
