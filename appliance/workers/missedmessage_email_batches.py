"""Queue `missedmessage_email_batches`: mails one person all that they have missed, a mail a conversation.

Event: {"user_profile_id": 7}. While somebody has rows in `missed_mail`, such a job waits for them or runs:
whoever adds a row schedules it, and the job, when it ends, does so for the rows that it has not taken.
"""

import logging
from collections import defaultdict
from typing import Unpack

from appliance.actions.message import access as history
from appliance.actions.message import current_reason
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.model.edit import DELETED
from appliance.model.flag import MENTIONS, Flag
from appliance.model.group import TITLES
from appliance.model.message import Message
from appliance.model.user import User
from appliance.notify import reason
from appliance.notify.decision import MAIL
from appliance.notify.mail import Missed, Site, compose
from appliance.store import message as messages
from appliance.store import missed_mail
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store import user_group as user_groups
from appliance.store.connection import Handle
from appliance.store.message import Received
from appliance.store.missed_mail import MissedMail
from appliance.store.transaction import Job, Transaction
from appliance.workers.email_senders import EmailSenders
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500  # messages; bounds memory, the next batch takes the others
CONTEXT, CONTEXT_SECONDS = 10, 15 * 60  # messages shown before a mention, and how old they may be

Conversation = tuple[int, str]  # recipient id, topic in lower case


@assign_queue(missed_mail.BATCHES)
class MissedMessageEmailBatches(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._clock = parts.store, parts.clock
        self._public_url, self._secret = parts.public_url, parts.secret

    def consume(self, job: Job, context: Context) -> None:
        """Mails are composed outside of the transaction; in it, they take the place of the rows.

        No flush: after a power cut the same mails are composed again, with the same ids.
        """
        user_id = job.event()["user_profile_id"]
        with self._store.read() as reader:
            reader.begin()
            taken = missed_mail.of_user(reader, user_id)[:MOST_AT_ONCE]
            missed = _missed(reader, users.with_id(reader, user_id), taken)
            site = Site(realms.get(reader), self._public_url, self._secret)
        now = self._clock.now()
        mails = [compose(each, site, now) for each in missed]

        def write(transaction: Transaction) -> None:
            if not context.acknowledge(transaction, job):
                return  # an earlier try got this far
            for mail in mails:
                transaction.job(EmailSenders.queue, mail)
            missed_mail.drop(transaction, user_id, [each.message_id for each in taken])
            if missed_mail.of_user(transaction, user_id):
                missed_mail.schedule_batch(transaction, user_id, None)

        self._store.write(write, flush=False)
        log.debug("%s: user %d: %d messages, %d mails", context.queue, user_id, len(taken), len(mails))


def _missed(handle: Handle, user: User | None, taken: list[MissedMail]) -> list[Missed]:
    """By conversation, that with the newest message last; empty for who gets no mail."""
    if user is None or not user.is_active or user.is_bot:
        return []
    if not user.setting("enable_offline_email_notifications"):
        return []
    notes = {each.message_id: each for each in taken}
    found = history.readable(handle, user, messages.with_ids(handle, user.id, list(notes)))
    buckets: defaultdict[Conversation, list[tuple[Received, MissedMail]]] = defaultdict(list)
    for received in found:
        note = _current(handle, user, received, notes[received.message.id])
        if note is not None:
            buckets[_conversation(received.message)].append((received, note))
    return [
        _of_conversation(handle, user, [each for each, _ in bucket], [note for _, note in bucket])
        for bucket in sorted(buckets.values(), key=lambda bucket: bucket[-1][0].message.id)
    ]


def _current(handle: Handle, user: User, received: Received, note: MissedMail) -> MissedMail | None:
    """With the reason that holds now; None: it was read or blanked, or concerns them no more."""
    unread = received.flags is not None and not received.flags & Flag.READ
    if not unread or received.message.content == DELETED:
        return None
    trigger = current_reason.of(handle, user, received, note.trigger, MAIL)
    if trigger == note.trigger:
        return note
    return None if trigger is None else MissedMail(note.message_id, trigger, None)


def _of_conversation(handle: Handle, user: User, bucket: list[Received], notes: list[MissedMail]) -> Missed:
    return Missed(
        user,
        history.as_told(handle, user, bucket),
        _context(handle, user, bucket[0]),
        frozenset(reason.trigger(each.trigger, each.mentioned_user_group_id) for each in notes),
        _group(handle, notes),
    )


def _group(handle: Handle, notes: list[MissedMail]) -> str:
    """The name of the first group that was mentioned; empty: none was, or it is gone."""
    ids = (each.mentioned_user_group_id for each in notes)
    first = next((each for each in ids if each is not None), None)
    if first is None:
        return ""
    if first in TITLES:
        return TITLES[first]
    group = user_groups.with_id(handle, first)
    return "" if group is None else group.name


def _conversation(message: Message) -> Conversation:
    return message.recipient_id, message.topic.lower()


def _context(handle: Handle, user: User, first: Received) -> list[Message]:
    """What led to a mention: the messages just before it in the topic that the user may read."""
    message = first.message
    if message.is_direct or not (first.flags or 0) & MENTIONS:
        return []
    in_topic = ("message.recipient_id = ? AND topic_key = ?", _conversation(message))
    lately = ("message.time >= ?", (message.time - CONTEXT_SECONDS,))
    before, _, _ = messages.around(handle, user.id, [in_topic, lately], message.id, CONTEXT, 0)
    return history.as_told(handle, user, history.readable(handle, user, before))
