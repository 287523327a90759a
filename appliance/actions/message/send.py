"""Sending a message."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from appliance.actions.channel import access as channel_actions
from appliance.actions.message import destination, mention, notice_facts
from appliance.actions.message import rows as message_rows
from appliance.actions.message.audience import Audience, audience
from appliance.actions.message.directory import render
from appliance.actions.message.mention import Participants
from appliance.actions.message.rows import Written
from appliance.actions.personal import user_topic
from appliance.actions.user import acquaintance, sight
from appliance.model import message as message_model
from appliance.model import webhook
from appliance.model.channel import Channel
from appliance.model.markdown import Rendered
from appliance.model.message import Message, Person
from appliance.model.topic import Policy
from appliance.model.user import User
from appliance.notify.interest import Sets as Facts
from appliance.store import bot_service as bot_services
from appliance.store import channel as channels
from appliance.store import idempotency
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

WEBHOOKS = "outgoing_webhooks"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to send. `local_id` and `queue_id` come back in the sender's own event. `widget`:
    JSON, of a bot that sends one along; `alerts`: mails and pushes tell of it; `key`: with the same one it is
    sent once, however often that is tried (model/idempotency.py)."""

    sender: User
    content: str
    client: str
    read_by_sender: bool
    local_id: str | None = None
    queue_id: str | None = None
    widget: str | None = None
    alerts: bool = True
    key: str | None = None


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
    return _once(
        store,
        draft,
        lambda: prepare_to_channel(store, draft, channel, topic),
        lambda transaction, ready: store_in_channel(transaction, ready, channel, topic),
    )


def send_direct(store: Store, draft: Draft, to: list[int] | list[str]) -> int:
    """The new message's id. `to`: ids or addresses; the sender need not be among them. Raises ApiError."""
    return _once(
        store,
        draft,
        lambda: prepare_direct(store, draft, to),
        lambda transaction, ready: Sent(store_direct(transaction, ready, to)),
    ).id


def _once(
    store: Store,
    draft: Draft,
    prepare: Callable[[], Ready],
    write: Callable[[Transaction, Ready], Sent],
) -> Sent:
    """With a key that the sender has used, what was sent then: also if it could not be sent any more today.
    Looked up once more in the transaction, for who sends it twice at once."""
    with store.read() as reader:
        sent = _sent_before(reader, draft)
    if sent is not None:
        return sent
    ready = prepare()
    return store.write(lambda transaction: _sent_before(transaction, draft) or write(transaction, ready))


def _sent_before(handle: Handle, draft: Draft) -> Sent | None:
    found = None if draft.key is None else idempotency.find(handle, draft.sender.id, draft.key)
    return None if found is None else Sent(found)


# -- in two steps


def prepare_to_channel(store: Store, draft: Draft, channel: str | int, topic: str) -> Ready:
    """To be stored with `store_in_channel`. `topic`: checked. Raises ApiError."""
    return _prepare(store, draft, lambda handle: destination.place(handle, draft.sender, channel, topic))


def store_in_channel(transaction: Transaction, ready: Ready, channel: str | int, topic: str) -> Sent:
    """`topic`: checked. Raises ApiError."""
    place = destination.place(transaction, ready.draft.sender, channel, topic)
    return _store_in_channel(transaction, ready, place, topic)


def prepare_direct(store: Store, draft: Draft, to: list[int] | list[str]) -> Ready:
    """To be stored with `store_direct`. Raises ApiError."""
    return _prepare(store, draft, lambda handle: destination.people(handle, draft.sender, to))


def store_direct(transaction: Transaction, ready: Ready, to: list[int] | list[str]) -> int:
    """Raises ApiError."""
    return _store_direct(transaction, ready, destination.people(transaction, ready.draft.sender, to))


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


def store_by_server(
    transaction: Transaction, ready: Ready, channel: Channel, topic: str, unread_for: Collection[int] | None
) -> Sent:
    """In a channel of whatever kind, which may have changed in this transaction. `topic`: checked;
    `unread_for`: to others it is read already."""
    now = channels.even_archived(transaction, channel.id)
    return _store_in_channel(transaction, ready, now or channel, topic, unread_for)


# -- to a channel


def _store_in_channel(
    transaction: Transaction,
    ready: Ready,
    channel: Channel,
    topic: str,
    unread_for: Collection[int] | None = None,
) -> Sent:
    """What a topic becomes to people by the message, it is not yet for the message itself."""
    sender = ready.draft.sender

    def participants() -> set[int]:
        return mention.participants(transaction, sender.id, channel.recipient_id, topic)

    called = bot_services.called(transaction, ready.rendered.mentioned_user_ids)
    recipients = [*{*subscriptions.subscriber_ids(transaction, channel.id), *called}]
    people = _audience(transaction, ready, recipients, participants)
    if unread_for is not None:
        people.mark_read(people.flags.keys() - unread_for)
    mention.check_wildcards(transaction, sender, ready.rendered, people.flags)
    now = transaction.now()
    facts = notice_facts.of_channel(transaction, channel.id, topic, sender.id, people.flags, now)
    policy = user_topic.written_in(transaction, sender, channel, topic)
    user_topic.mentioned_in(transaction, people.mentioned, channel.id, topic)
    stored = _store(transaction, ready, channel.recipient_id, topic, people.flags)
    message = replace(stored, channel_id=channel.id, channel_name=channel.name)
    _announce(transaction, ready, message, people, facts, public_channel=not channel.invite_only)
    channel_actions.written_in(transaction, channel)
    return Sent(message.id, policy)


# -- to people


def _store_direct(transaction: Transaction, ready: Ready, people: list[User]) -> int:
    user_ids = [each.id for each in people]
    with acquaintance.watched(transaction):  # of who knows nobody, the first message makes somebody known
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
    written = Written(draft.sender, ready.content, ready.rendered, draft.client, draft.widget)
    message = message_rows.add(transaction, written, recipient_id, topic, flags)
    if draft.key is not None:
        idempotency.add(transaction, draft.sender.id, draft.key, message.id)
    return message


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
    if strangers := sight.strangers(transaction, ready.draft.sender, people.flags):
        event |= {"user_ids_without_access_to_sender": strangers}
    if not ready.draft.alerts:
        event |= {"disable_external_notifications": True}
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
