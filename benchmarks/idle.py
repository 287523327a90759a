"""What the server costs when nobody uses it: time to start, memory, processor, disk.

Run it with `benchmarks/run idle`.
"""

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.client import Connection, Listener, Loop
from benchmarks.report import rounds, show
from benchmarks.server import CHANNEL, Server, populate

STARTS = 7
SETTLE = 3.0  # seconds; the first moments after a start are not idleness


def start_times(folder: Path, fresh: bool) -> list[float]:
    """Seconds from the command to the first answer; `fresh`: with a new database each time."""
    times = []
    for number in range(STARTS):
        with Server(folder / (f"fresh{number}" if fresh else "kept")) as server:
            times.append(server.start_seconds)
    return times if fresh else times[1:]  # the first one made the database


def idle_minute(folder: Path, seconds: float) -> list[str]:
    with Server(folder) as server:
        time.sleep(SETTLE)
        cpu, written = server.cpu, server.written
        time.sleep(seconds)
        used = server.cpu - cpu
        return [
            f"{server.pss / 1024:.1f}",
            f"{server.rss / 1024:.1f}",
            f"{used * 1000:.1f}",
            f"{server.written - written:,}",
        ]


def used_pss(folder: Path) -> float:
    """MiB after somebody has registered, written with Markdown, polled and read: all imports are made."""
    people = populate(folder, 2, subscribers=2)
    with Server(folder) as server:
        loop = Loop()
        Listener(loop, server.port, people[0])
        sender = Connection(server.port, people[1])
        text = "**Look** at `this`:\n```python\nprint(1)\n```\n| a | b |\n|---|---|\n| 1 | 2 |"
        message = {"type": "stream", "to": CHANNEL, "topic": "first", "content": text}
        sender.ask(sender.request("POST", "/register"))
        sender.ask(sender.request("POST", "/messages", message))
        sender.ask(sender.request("GET", "/messages?anchor=newest&num_before=10&num_after=0"))
        loop.turn(5)
        return server.pss / 1024


def main() -> None:
    seconds = 15.0 if "--quick" in sys.argv else 60.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        starts = [[each * 1000 for each in start_times(folder, fresh)] for fresh in (True, False)]
        pss, rss, cpu, written = idle_minute(folder / "kept", seconds)
        used = used_pss(folder / "used")
    show(
        "Idle",
        ("of an idle server with an empty database", "figure"),
        [
            ("start to first answer, new data folder, ms", rounds(starts[0])),
            ("start to first answer, existing data folder, ms", rounds(starts[1])),
            ("PSS, MiB", f"**{pss}**"),
            ("RSS, MiB", rss),
            ("PSS after the first message, read and answered, MiB", f"{used:.1f}"),
            (f"processor time in {seconds:.0f} s, ms", f"**{cpu}**"),
            (f"bytes written to disk in {seconds:.0f} s", f"**{written}**"),
        ],
    )


if __name__ == "__main__":
    main()
