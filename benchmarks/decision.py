"""What it costs to decide whom to tell of a message elsewhere, in this process, on one thread.

Run it with `benchmarks/run decision`.

A message goes to a channel of a thousand members. Sending adds to the notice what the decision needs to know
(actions/message/notice_facts.py, with the write lock held); fan-out decides by that (notify/decision.py, with
the lock of the event queues held).
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from appliance.actions.message import notice_facts
from appliance.actions.realm import organization as realm_actions
from appliance.base.clock import SystemClock
from appliance.model import flag
from appliance.notify.decision import decide
from appliance.store.store import Store
from appliance.store.transaction import Notice, Transaction
from benchmarks.process import CLIENT_CORE
from benchmarks.report import rounds, show

MEMBERS, CHANNEL, SENDER = 1000, 1, 1
NOW = 1_700_000_000.0

# By what the message is to the members: their flags, and what it takes (SQL) that they want to hear of it.
CASES = {
    "nobody wants to hear of it": (0, ()),
    "everybody follows the topic": (
        0,
        ("INSERT INTO user_topic SELECT id, 1, 'lunch', 'lunch', 3, 0 FROM user",),
    ),
    "everybody hears all of the channel": (
        0,
        ("UPDATE subscription SET push_notifications = 1, email_notifications = 1",),
    ),
    "@all, and everybody has changed settings": (
        flag.STREAM_WILDCARD_MENTIONED,
        ("""UPDATE user SET settings = '{"timezone": "UTC", "enable_stream_push_notifications": true}'""",),
    ),
}


def fill(store: Store, changes: tuple[str, ...]) -> None:
    """A thousand people in a channel, half of whom were active just now."""

    def write(transaction: Transaction) -> None:
        members = range(1, MEMBERS + 1)
        transaction.many(
            "INSERT INTO user(id, delivery_email, full_name, role, api_key, date_joined)"
            " VALUES (?1, 'p' || ?1 || '@example.com', 'Person ' || ?1, 400, 'key ' || ?1, 0)",
            [(each,) for each in members],
        )
        transaction.many(
            "INSERT INTO subscription(channel_id, user_id, color) VALUES (?, ?, '#76ce90')",
            [(CHANNEL, each) for each in members],
        )
        transaction.many(
            "INSERT INTO presence VALUES (?, ?, ?)",
            [(each, int(NOW), int(NOW)) for each in members if each % 2],
        )
        for change in changes:
            transaction.execute(change)

    store.write(write)


def round_of(store: Store, bits: int, number: int) -> tuple[list[float], list[float], int]:
    """Milliseconds for the facts and for the decision, of each message, and how many jobs come of one."""
    own = dict.fromkeys(range(1, MEMBERS + 1), bits)
    users = [{"id": each, "flags": flag.names(bits)} if bits else each for each in own]
    message = {"id": 1, "sender_id": SENDER, "type": "stream"}
    found: tuple[list[float], list[float]] = ([], [])
    with store.read() as reader:
        for _ in range(number):
            began = time.perf_counter()
            facts = notice_facts.of_channel(reader, CHANNEL, "lunch", SENDER, own, NOW)
            between = time.perf_counter()
            notice = Notice(1, 0, {"type": "message", "message": message, **facts}, users)
            concerns = decide(notice, lambda user_id: user_id % 3 != 0)
            ended = time.perf_counter()
            found[0].append((between - began) * 1000)
            found[1].append((ended - between) * 1000)
    return *found, sum(len(each.now) + len(each.if_missed) for each in concerns)


def measure(bits: int, changes: tuple[str, ...], number: int) -> tuple[list[float], list[float], int]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), SystemClock())
        try:
            realm_actions.prepare(store)
            fill(store, changes)
            round_of(store, bits, 3)  # to warm up
            return round_of(store, bits, number)
        finally:
            store.close()


def main() -> None:
    number = 10 if "--quick" in sys.argv else 100
    os.sched_setaffinity(0, {CLIENT_CORE})
    measured = {name: measure(*case, number) for name, case in CASES.items()}
    show(
        f"Decision: a message to a channel of {MEMBERS:,}",
        ("what it is to its members", "facts for the notice, ms", "decision, ms", "jobs"),
        [
            (name, rounds(facts, 2), rounds(decisions, 2), f"{jobs:,}")
            for name, (facts, decisions, jobs) in measured.items()
        ],
    )


if __name__ == "__main__":
    main()
