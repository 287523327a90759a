"""The index of words: what it costs to put messages into it, one by one and as the server does it.

Run it with `benchmarks/run words`. In this process, on one thread; bytes are what goes to the disk until the
database file has all of it.
"""

import sys
import tempfile
import time
from pathlib import Path
from random import Random

from appliance.actions.realm import organization as realm
from appliance.base.clock import SystemClock
from appliance.store import search
from appliance.store.connection import CHECKPOINTER, connect
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from benchmarks.chat_text import Writer
from benchmarks.report import show

MESSAGES, QUICK_MESSAGES = 20_000, 2_000
ADD = (
    "INSERT INTO message(sender_id, recipient_id, topic, topic_key, content, rendered_content, time, client)"
    " VALUES (1, 1, ?1, ?1, ?2, ?3, 0, '')"
)


def write(transaction: Transaction, messages: int) -> None:
    writer = Writer(Random(6))
    for _ in range(messages):
        text = writer.text()
        transaction.execute(ADD, writer.topic(), text.content, text.html)


def written() -> int:
    """Bytes that went to the disk, or will."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes:"))


def settle(store: Store) -> int:
    """Move the log into the file; its size in bytes."""
    connection = connect(store.path, CHECKPOINTER)
    connection.wal_checkpoint()
    connection.close()
    return store.path.stat().st_size


def row(messages: int, together: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name), SystemClock())
        realm.prepare(store)
        store.write(lambda transaction: write(transaction, messages))
        search.LAG = together
        before, disk, cpu = settle(store), written(), time.process_time()
        for number in range(0, messages, together):
            store.write(search.catch_up, flush=False)
            if number % 1000 < together:
                settle(store)
        cpu = time.process_time() - cpu
        size = settle(store) - before
        disk = written() - disk
        store.close()
    figures = (cpu * 1e6, disk, size)
    return [str(together), *(f"**{each / messages:,.0f}**" for each in figures)]


def main() -> None:
    messages = QUICK_MESSAGES if "--quick" in sys.argv else MESSAGES
    show(
        "Words",
        ("messages at once", "CPU, µs a message", "bytes written a message", "bytes of the file a message"),
        [row(messages, together) for together in (1, search.LAG)],
    )


if __name__ == "__main__":
    main()
