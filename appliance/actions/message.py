"""Sending a message."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from appliance.actions import channel as channel_actions
from appliance.actions.directory import FileDirectory
from appliance.base.errors import ApiError, ChannelDoesNotExist
from appliance.model import flag, markdown, permission
from appliance.model import message as message_model
from appliance.model.channel import Channel
from appliance.model.markdown import Rendered
from appliance.model.message import Message, Person
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store import presence as presences
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

OFFLINE_AFTER = 200  # seconds without activity after which somebody counts as away
LARGEST_GROUP = 500  # people in a direct conversation


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send. `local_id` and `queue_id` come back in the sender's own event."""

    sender: User
    content: str
    client: str
    read_by_sender: bool
    local_id: str | None = None
    queue_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A draft that was checked and rendered."""

    draft: Draft
    content: str
    rendered: Rendered


def send_to_channel(store: Store, draft: Draft, channel: str | int, topic: str) -> int:
    """The new message's id. `channel`: name or id. Raises ApiError with Zulip's texts."""
    topic = message_model.check_topic(topic)

    def target(handle: Handle) -> Channel:
        return _postable(handle, draft.sender, channel)

    ready = _prepare(store, draft, target)
    return store.write(lambda t: _store_in_channel(t, ready, _postable(t, draft.sender, channel), topic))


def send_direct(store: Store, draft: Draft, to: list[int] | list[str]) -> int:
    """The new message's id. `to`: ids or addresses; the sender need not be among them. Raises ApiError."""

    def target(handle: Handle) -> list[User]:
        return participants(handle, draft.sender, to)

    ready = _prepare(store, draft, target)
    return store.write(lambda t: _store_direct(t, ready, participants(t, draft.sender, to)))


def _prepare(store: Store, draft: Draft, target: Callable[[Handle], object]) -> _Ready:
    """All that needs no write lock. The target is looked up once more inside the transaction."""
    content = message_model.check_content(draft.content)
    with store.read() as reader:
        target(reader)
        rendered = markdown.render(content, FileDirectory(reader, draft.sender))
    return _Ready(draft, content, rendered)


# -- to a channel


def _postable(handle: Handle, sender: User, wanted: str | int) -> Channel:
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


def _store_in_channel(transaction: Transaction, ready: _Ready, channel: Channel, topic: str) -> int:
    flags = dict.fromkeys(subscriptions.subscriber_ids(transaction, channel.id), 0)
    _set(flags, ready.rendered.mentioned_user_ids, flag.MENTIONED)
    if ready.rendered.stream_wildcard:
        permission.check_mentions_all(ready.draft.sender, len(flags))
        _set(flags, flags, flag.STREAM_WILDCARD_MENTIONED)
    if ready.rendered.topic_wildcard:
        senders = messages.topic_senders(transaction, channel.recipient_id, topic)
        _set(flags, {*senders, ready.draft.sender.id}, flag.TOPIC_WILDCARD_MENTIONED)
    stored = _store(transaction, ready, channel.recipient_id, topic, flags)
    message = replace(stored, channel_id=channel.id, channel_name=channel.name)
    mentioned = [each for each in ready.rendered.mentioned_user_ids if each in flags]
    _announce(transaction, ready, message, flags, mentioned, public_channel=not channel.invite_only)
    if channel.first_message_id is None:
        _set_first_message(transaction, channel, message.id)
    return message.id


def _set_first_message(transaction: Transaction, channel: Channel, message_id: int) -> None:
    channels.set_first_message(transaction, channel.id, message_id)
    event = {
        "type": "stream",
        "op": "update",
        "stream_id": channel.id,
        "name": channel.name,
        "property": "first_message_id",
        "value": message_id,
    }
    transaction.notice(event, channel_actions.seers(transaction, channel))


def _set(flags: dict[int, int], user_ids: Iterable[int], bit: int) -> None:
    for user_id in user_ids:
        if user_id in flags:
            flags[user_id] |= bit


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


def _store_direct(transaction: Transaction, ready: _Ready, people: list[User]) -> int:
    recipient_id = recipients.find_or_add(transaction, [each.id for each in people])
    flags = {each.id: 0 for each in people}
    _set(flags, ready.rendered.mentioned_user_ids, flag.MENTIONED)
    stored = _store(transaction, ready, recipient_id, "", flags)
    message = replace(stored, people=tuple(_person(each) for each in people))
    _announce(transaction, ready, message, flags, list(flags), public_channel=False)
    return message.id


# -- both


def _person(user: User) -> Person:
    return Person(user.id, user.email, user.full_name)


def _store(
    transaction: Transaction, ready: _Ready, recipient_id: int, topic: str, flags: dict[int, int]
) -> Message:
    draft = ready.draft
    if draft.read_by_sender:
        _set(flags, [draft.sender.id], flag.READ)
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
    ready: _Ready,
    message: Message,
    flags: dict[int, int],
    notifiable: list[int],
    *,
    public_channel: bool,
) -> None:
    event = {
        "type": "message",
        "message": message_model.wide(message),
        "public_channel": public_channel,
        **_notification_facts(transaction, [each for each in notifiable if each != message.sender.id]),
    }
    if ready.draft.local_id is not None:
        event |= {"local_id": ready.draft.local_id, "sender_queue_id": ready.draft.queue_id}
    audience = [{"id": each, "flags": flag.names(own)} if own else each for each, own in flags.items()]
    transaction.notice(event, audience)


def _notification_facts(transaction: Transaction, user_ids: list[int]) -> dict[str, list[int]]:
    """What the decision whom to notify needs to know of those it may concern (notify/decision.py)."""
    if not user_ids:
        return {}
    people = users.with_ids(transaction, user_ids)
    active = presences.active_since(transaction, user_ids, transaction.now() - OFFLINE_AFTER)
    return {
        "presence_idle_user_ids": [each for each in user_ids if each not in active],
        "dm_mention_email_disabled_user_ids": [
            each.id for each in people if not each.setting("enable_offline_email_notifications")
        ],
        "all_bot_user_ids": [each.id for each in people if each.is_bot],
    }
