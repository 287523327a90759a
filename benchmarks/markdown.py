"""What it costs to render messages, in this process, on one thread.

Run it with `benchmarks/run markdown`.

The organization has linkifiers, emoji of its own and uploaded pictures. Of the texts that are made to take
long (tests/model/hostile.py), each fills a message of 10,000 characters.
"""

import os
import sys
import time

from appliance.model.markdown import Directory, render
from benchmarks.process import CLIENT_CORE
from benchmarks.report import rounds, show
from tests.model.city import CITY
from tests.model.hostile import TEXTS
from tests.model.test_markdown import TOWN

LIMIT = 0.25  # seconds that no message may take
LENGTH = 10_000  # characters
MESSAGES = {
    "a line of words": "ok thanks, see you at five",
    "words and marks": "Hello *world*, it is **done** :smile:",
    "a mention and a topic": "@**Ann Smith** see #**general>lunch**",
    "a link": "see https://example.com/a/page",
    "a picture": "[cat.png](/user_uploads/1/2/3/c.png)",
    "a list, a quote, a link": "Hello *world*, see https://a.com/x\n\n* item **one**\n* two\n\n> quoted\n",
    "a block of Python": "```python\ndef f(x):\n    return x + 1\n```",
    "1,200 characters of words": ("Some words here, and some there. " * 37).strip(),
}
WORST = 8


def took(content: str, directory: Directory, times: int) -> float:
    """Seconds of CPU each."""
    began = time.thread_time()
    for _ in range(times):
        render(content, directory)
    return (time.thread_time() - began) / times


def ordinary(quick: bool) -> None:
    count, times = (3, 50) if quick else (15, 500)
    places = {"": TOWN, "with three linkifiers": CITY}
    seconds: dict[tuple[str, str], list[float]] = {}
    for _ in range(count):
        for name, content in MESSAGES.items():
            for place, directory in places.items():
                seconds.setdefault((name, place), []).append(took(content, directory, times))
    rows = [
        (name, *(rounds([1e6 * each for each in seconds[name, place]]) for place in places))
        for name in MESSAGES
    ]
    show("Rendering", ["message", "µs", "µs, with three linkifiers"], rows)


def hostile(quick: bool) -> None:
    count = 1 if quick else 3
    found = {name: min(took(text(LENGTH), CITY, 1) for _ in range(count)) for name, text in TEXTS.items()}
    worst = sorted(found, key=lambda name: -found[name])[:WORST]
    rows = [(f"`{name}`", f"{1000 * found[name]:.0f}") for name in worst]
    late = sum(each > LIMIT for each in found.values())
    note = f"{len(found)} texts; {late} took longer than {1000 * LIMIT:.0f} ms."
    show("Texts made to take long", ["again and again", "ms"], rows, note)
    if late:
        sys.exit(1)


def main() -> None:
    os.sched_setaffinity(0, {CLIENT_CORE})
    quick = "--quick" in sys.argv
    ordinary(quick)
    hostile(quick)


if __name__ == "__main__":
    main()
