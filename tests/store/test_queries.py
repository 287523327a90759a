"""What is asked often is found through an index: SQLite tells how it goes about each question."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from appliance.model.message import Holds
from appliance.model.search import Phrase, Search
from appliance.store import (
    alert_word,
    archive,
    draft,
    edit,
    idempotency,
    job_selection,
    missed_mail,
    muted_user,
    received,
    saved_snippet,
    scheduled_message,
    search,
    topic,
    unread,
    user_status,
    user_topic,
)
from appliance.store import channel as channels
from appliance.store import credential as credentials
from appliance.store import event_queue as saved_queues
from appliance.store import job as jobs
from appliance.store import listener as listeners
from appliance.store import message as messages
from appliance.store import notice as notices
from appliance.store import presence as presences
from appliance.store import reaction as reactions
from appliance.store import recipient as recipients
from appliance.store import session as sessions
from appliance.store import submessage as submessages
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.connection import READER, WRITER, Handle, Row, connect
from appliance.store.job_selection import Selection
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import MovableClock

Ask = Callable[[Handle], object]

LARGE = (
    "message", "user_message", "unread", "user", "subscription", "recipient", "notice", "job", "user_topic",
    "muted_user", "presence", "archived_message", "reaction", "alert_word", "draft", "saved_snippet",
    "user_status", "scheduled_message", "submessage", "idempotency",
)  # fmt: skip


class Explained(Handle):
    """Answers like any handle, and keeps SQLite's plan of each statement."""

    def __init__(self, store: Store) -> None:
        super().__init__(connect(store.path, READER))
        self.plans: list[str] = []

    def rows(self, sql: str, *bindings: Any) -> list[Row]:
        self._explain(sql, bindings)
        return super().rows(sql, *bindings)

    def row(self, sql: str, *bindings: Any) -> Row | None:
        self._explain(sql, bindings)
        return super().row(sql, *bindings)

    def value(self, sql: str, *bindings: Any) -> Any:
        self._explain(sql, bindings)
        return super().value(sql, *bindings)

    def _explain(self, sql: str, bindings: tuple[Any, ...]) -> None:
        plan = self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", bindings)
        self.plans += [detail for _, _, _, detail in plan]

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def handle(store: Store) -> Iterator[Explained]:
    opened = Explained(store)
    yield opened
    opened.close()


PIE = Search((Phrase(("pie",), open_end=True),))
IN_CHANNEL: messages.Condition = ("message.recipient_id = ?", (1,))
IN_TOPIC: messages.Condition = ("topic_key = ?", ("lunch",))

QUESTIONS: dict[str, Ask] = {
    "a person by id": lambda h: users.with_id(h, 5),
    "a person by address": lambda h: users.with_email(h, "ann@example.org"),
    "people by ids": lambda h: users.with_ids(h, [5, 7]),
    "a person by name": lambda h: users.named(h, "Ann"),
    "a channel by id": lambda h: channels.with_id(h, 1),
    "a channel by name": lambda h: channels.named(h, "general"),
    "who is in a channel": lambda h: subscriptions.subscriber_ids(h, 1),
    "is one in a channel": lambda h: subscriptions.is_subscribed(h, 1, 5),
    "people who are all active": lambda h: users.are_active(h, {1, 2}),
    "who is in a group": lambda h: groups.members(h, 11),
    "groups of a person": lambda h: groups.groups_of(h, 5),
    "reactions to messages": lambda h: reactions.of_messages(h, [1, 2]),
    "submessages of messages": lambda h: submessages.of_messages(h, [1, 2]),
    "who has reacted in a topic": lambda h: reactions.reactors(h, 1, "lunch"),
    "a group by name": lambda h: groups.named(h, "devs"),
    "channels of a person": lambda h: subscriptions.of_user(h, 5),
    "a conversation by its people": lambda h: recipients.find(h, [5, 7]),
    "conversations of a person": lambda h: recipients.recent(h, 5, 100),
    "one message": lambda h: messages.with_id(h, 5, 1),
    "some messages": lambda h: messages.with_ids(h, 5, [1, 2]),
    "messages around one": lambda h: messages.around(h, 5, [messages.HAS_ROW], 9, 10, 10),
    "messages of a channel": lambda h: messages.around(h, 5, [IN_CHANNEL], 9, 10, 10),
    "messages of a topic": lambda h: messages.around(h, 5, [IN_CHANNEL, IN_TOPIC], 9, 10, 10),
    "messages of a sender": lambda h: messages.around(h, 5, [("sender_id = ?", (7,))], 9, 10, 10),
    "messages with a word": lambda h: messages.around(h, 5, [search.found(h, PIE)], 9, 10, 10),
    "is the index of words behind": search.is_behind,
    "topics of a channel": lambda h: topic.of_channel(h, 1),
    "topics of what somebody got": lambda h: topic.of_received(h, 5, 1),
    "senders in a topic": lambda h: messages.topic_senders(h, 1, "lunch"),
    "flags": lambda h: messages.flags(h, 5, [1, 2]),
    "starred messages": lambda h: messages.starred_ids(h, 5),
    "the newest message of a person": lambda h: messages.newest_id(h, 5),
    "unread messages": lambda h: unread.of_user(h, 5, 100),
    "unread messages of a channel": lambda h: unread.in_channel(h, 5, 3),
    "unread messages by conversation": lambda h: unread.conversations(h, 5, 100),
    "unread messages of a topic": lambda h: unread.in_topic(h, 5, 3, "lunch"),
    "which of some are in a narrow": lambda h: messages.matching(h, 5, [IN_CHANNEL], [1, 2]),
    "messages in a topic": lambda h: edit.in_topic(h, 1, "lunch", 7),
    "the first message of a channel": lambda h: edit.first_of(h, 1),
    "what a message is to its recipients": lambda h: received.flags(h, 1),
    "to whom messages were sent": lambda h: received.holders(h, [1, 2]),
    "on whose phones messages are": lambda h: received.pushed(h, [1, 2]),
    "who has not read messages": lambda h: received.unread(h, [1, 2]),
    "who has read a message": lambda h: received.readers(h, 1, 5),
    "was anything deleted long ago": lambda h: archive.holds_older(h, 9),
    "unread messages of a sender": lambda h: unread.from_sender(h, 5, 7),
    "is there a message in a topic": lambda h: messages.topic_exists(h, 1, "lunch", None),
    "is there one that was sent to somebody": lambda h: messages.topic_exists(h, 1, "lunch", 5),
    "who hears of a message in a channel": lambda h: listeners.hearing(h, 1, "lunch"),
    "who may have to be told in a channel": lambda h: listeners.in_channel(h, 1, "lunch", [5, 7]),
    "who may have to be told of some": lambda h: listeners.among(h, [5, 7]),
    "who has muted somebody": lambda h: muted_user.muters(h, 5),
    "whom somebody has muted": lambda h: muted_user.of_user(h, 5),
    "what a topic is to people": lambda h: user_topic.policies(h, 1, "lunch"),
    "what a topic is to one": lambda h: user_topic.policy(h, 5, 1, "lunch"),
    "topics of a person": lambda h: user_topic.of_user(h, 5),
    "muted topics of a person": lambda h: user_topic.muted_of_user(h, 5),
    "messages in muted topics": lambda h: user_topic.muted_messages(h, 5, [1, 2]),
    "the first unread message": lambda h: messages.first_unread(h, 5, [IN_CHANNEL]),
    "alert words of recipients": lambda h: alert_word.among(h, [5, 7], "pie"),
    "alert words of a person": lambda h: alert_word.of_user(h, 5),
    "drafts of a person": lambda h: draft.of_user(h, 5),
    "ids of a person's drafts": lambda h: draft.ids_of_user(h, 5),
    "a draft": lambda h: draft.is_of_user(h, 5, 1),
    "snippets of a person": lambda h: saved_snippet.of_user(h, 5),
    "how many snippets somebody has": lambda h: saved_snippet.count(h, 5),
    "scheduled messages of a person": lambda h: scheduled_message.of_user(h, 5),
    "how many messages somebody has scheduled": lambda h: scheduled_message.count(h, 5),
    "a scheduled message": lambda h: scheduled_message.get(h, 1),
    "a snippet": lambda h: saved_snippet.get(h, 5, 1),
    "the status of a person": lambda h: user_status.get(h, 5),
    "a job": lambda h: jobs.get(h, 1),
    "new jobs": lambda h: jobs.ready(h, "errands", 100, 200, 10),
    "a waiting or dead job": lambda h: job_selection.rows(h, Selection(ids=[1])),
    "new notices": lambda h: notices.after(h, 100),
    "a session": lambda h: sessions.find(h, "token", 0),
    "sessions of a person": lambda h: sessions.of_user(h, 5, 0),
    "what a key has sent": lambda h: idempotency.find(h, 5, "key"),
    "a link": lambda h: credentials.link_target(h, "token", 0),
    "a presence": lambda h: presences.get(h, 5),
    "who is active of some": lambda h: presences.active_since(h, [5, 7], 0),
    "missed mail of a person": lambda h: missed_mail.of_user(h, 5),
    "queues of active people": lambda h: [each for each in saved_queues.everything(h) if each.born < 0],
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_no_large_table_is_read_whole(handle: Explained, ask: Ask) -> None:
    ask(handle)
    scanned = [plan for plan in handle.plans if plan.startswith(tuple(f"SCAN {table}" for table in LARGE))]
    assert handle.plans
    assert [plan for plan in scanned if plan.split()[1] in LARGE] == []


def _edit(transaction: Transaction) -> None:
    edit.set_content(transaction, 1, "", "", Holds())
    edit.move(transaction, [1, 2], 1, "lunch")
    edit.remember(transaction, [(1, {}), (2, {})])
    received.set_flags(transaction, 1, {5: 0})


CHANGES: dict[str, Callable[[Transaction], object]] = {
    "a message is edited and moved": _edit,
    "people lose messages": lambda t: received.remove(t, [1, 2], [5]),
    "messages are deleted": lambda t: archive.put(t, [1, 2], 5),
    "deleted messages are forgotten": lambda t: archive.prune(t, 9, 100),
    "words are indexed": search.catch_up,
    "messages are read": lambda t: unread.mark_read(t, 5, [1, 2]),
    "somebody signs in": lambda t: sessions.add(t, "token", 5, ""),
    "a session is used": lambda t: sessions.use(t, 1),
    "sessions end": lambda t: sessions.drop_of(t, 5, 1),
    "a message is sent with a key": lambda t: idempotency.add(t, 5, "key", 1),
}


class ExplainedTransaction(Transaction):
    """Keeps the plan of each statement that changes something."""

    plans: list[str]

    def execute(self, sql: str, *bindings: Any) -> None:
        self._explain(sql, bindings)
        super().execute(sql, *bindings)

    def many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self.execute(sql, *row)

    def _explain(self, sql: str, bindings: tuple[Any, ...]) -> None:
        plan = self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", bindings)
        self.plans += [detail for _, _, _, detail in plan]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_large_table_is_read_whole_for_a_change(
    store: Store, clock: MovableClock, change: Callable[[Transaction], object]
) -> None:
    connection = connect(store.path, WRITER)
    transaction = ExplainedTransaction(connection, clock, {})
    transaction.plans = []
    change(transaction)
    connection.close()
    scanned = [plan.split()[1] for plan in transaction.plans if plan.startswith("SCAN")]
    assert transaction.plans
    assert [table for table in scanned if table in LARGE] == []


SORTED: dict[str, Ask] = {
    name: QUESTIONS[name]
    for name in (
        "messages around one",
        "messages of a channel",
        "messages of a topic",
        "messages of a sender",
        "messages with a word",
        "the first unread message",
        "new jobs",
        "new notices",
        "drafts of a person",
        "snippets of a person",
        "scheduled messages of a person",
        "alert words of a person",
    )
}


@pytest.mark.parametrize("ask", SORTED.values(), ids=SORTED)
def test_nothing_is_sorted_that_an_index_has_in_order(handle: Explained, ask: Ask) -> None:
    ask(handle)
    assert [plan for plan in handle.plans if "TEMP B-TREE" in plan] == []
