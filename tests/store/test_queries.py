"""What is asked often is found through an index: SQLite tells how it goes about each question."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appliance.store import channel as channels
from appliance.store import credential as credentials
from appliance.store import event_queue as saved_queues
from appliance.store import job as jobs
from appliance.store import job_selection, missed_mail, unread
from appliance.store import message as messages
from appliance.store import notice as notices
from appliance.store import presence as presences
from appliance.store import recipient as recipients
from appliance.store import subscription as subscriptions
from appliance.store import user as users
from appliance.store.connection import READER, Handle, Row, connect
from appliance.store.job_selection import Selection
from appliance.store.store import Store

Ask = Callable[[Handle], object]

LARGE = ("message", "user_message", "unread", "user", "subscription", "recipient", "notice", "job")


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
    "channels of a person": lambda h: subscriptions.of_user(h, 5),
    "a conversation by its people": lambda h: recipients.find(h, [5, 7]),
    "conversations of a person": lambda h: recipients.recent(h, 5, 100),
    "one message": lambda h: messages.with_id(h, 5, 1),
    "some messages": lambda h: messages.with_ids(h, 5, [1, 2]),
    "messages around one": lambda h: messages.around(h, 5, [messages.HAS_ROW], 9, 10, 10),
    "messages of a channel": lambda h: messages.around(h, 5, [IN_CHANNEL], 9, 10, 10),
    "messages of a topic": lambda h: messages.around(h, 5, [IN_CHANNEL, IN_TOPIC], 9, 10, 10),
    "messages of a sender": lambda h: messages.around(h, 5, [("sender_id = ?", (7,))], 9, 10, 10),
    "topics of a channel": lambda h: messages.topics(h, 5, 1, messages.HAS_ROW),
    "senders in a topic": lambda h: messages.topic_senders(h, 1, "lunch"),
    "flags": lambda h: messages.flags(h, 5, [1, 2]),
    "starred messages": lambda h: messages.starred_ids(h, 5),
    "the newest message of a person": lambda h: messages.newest_id(h, 5),
    "unread messages": lambda h: unread.of_user(h, 5, 100),
    "unread messages of a channel": lambda h: unread.in_channel(h, 5, 3),
    "unread messages by conversation": lambda h: unread.conversations(h, 5, 100),
    "the first unread message": lambda h: messages.first_unread(h, 5, [IN_CHANNEL]),
    "a job": lambda h: jobs.get(h, 1),
    "new jobs": lambda h: jobs.ready(h, "errands", 100, 200, 10),
    "a waiting or dead job": lambda h: job_selection.rows(h, Selection(ids=[1])),
    "new notices": lambda h: notices.after(h, 100),
    "a session": lambda h: credentials.session_user(h, "token", 0),
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


SORTED: dict[str, Ask] = {
    name: QUESTIONS[name]
    for name in (
        "messages around one",
        "messages of a channel",
        "messages of a topic",
        "messages of a sender",
        "new jobs",
        "new notices",
    )
}


@pytest.mark.parametrize("ask", SORTED.values(), ids=SORTED)
def test_nothing_is_sorted_that_an_index_has_in_order(handle: Explained, ask: Ask) -> None:
    ask(handle)
    assert [plan for plan in handle.plans if "TEMP B-TREE" in plan] == []
