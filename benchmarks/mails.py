"""What it costs to make a missed-message mail, in this process, on one thread: no sockets, no file.

Run it with `benchmarks/run mails`.

A mail is composed of its messages (text, HTML, links and headers, in the language of the reader), becomes the
event of a job, is read from it and built into the bytes that go to the mail server.
"""

import os
import sys
import time
from dataclasses import replace

import orjson

from appliance.model.markdown import Directory, Group, Person, render
from appliance.model.message import Message
from appliance.model.message import Person as Writer
from appliance.model.realm import Realm
from appliance.model.user import Role, User
from appliance.notify.language import spoken
from appliance.notify.letter import Mailbox, Sender, build
from appliance.notify.mail import Missed, Site, compose
from appliance.notify.mail_job import read
from benchmarks.process import CLIENT_CORE
from benchmarks.report import rounds, show

MAILS = 100  # a round
MESSAGES = (1, 3, 10)  # in a mail
NOW = 1_700_000_000
URL, NOREPLY = "https://chat.example.org", "noreply@example.org"
REALM = Realm("6a1c", "Benchmark", "", NOW, {})
SITE, SENDER = Site(REALM, URL, "secret"), Sender(REALM, URL, NOREPLY, NOREPLY)
READER = User(
    1, "p1@example.org", "Person 1", Role.MEMBER, True, None, None, False, "key", None, NOW,
    {"default_language": "de"},
)  # fmt: skip
TEXT = """\
The build is **green** again :tada:, and the release can go out [this afternoon](https://example.org/plan?a=1).

> Is there anything left to do?

- notes for the people who upgrade
- `CHANGELOG.md`
"""


class Nobody(Directory):
    def user_named(self, name: str) -> Person | None:
        return None

    def user_with_id(self, user_id: int) -> Person | None:
        return None

    def group_named(self, name: str) -> Group | None:
        return None

    def channel_named(self, name: str) -> int | None:
        return None


def missed(number: int, count: int) -> Missed:
    """So many messages of two people, who take turns."""
    writers = [Writer(each, f"p{each}@example.org", f"Person {each}") for each in (2, 3)]
    html = render(TEXT, Nobody()).html
    first = Message(
        number, writers[0], 5, "benchmark", TEXT, html, NOW, "website", channel_id=1, channel_name="all"
    )
    messages = [replace(first, id=number + each, sender=writers[each % 2]) for each in range(count)]
    return Missed(READER, messages, [], frozenset({"mentioned"}))


def made(about: Missed) -> bytes:
    event = orjson.loads(orjson.dumps(compose(about, SITE, NOW)))
    to = [Mailbox(READER.full_name, READER.delivery_email)]
    return build(read(event), to, SENDER, spoken(event["language"]), number=1, now=NOW).as_bytes()


def round_of(count: int) -> tuple[float, float]:
    """Mails a second, and the KiB of one."""
    abouts = [missed(number * 1000, count) for number in range(MAILS)]
    began = time.perf_counter()
    size = sum(len(made(each)) for each in abouts)
    return MAILS / (time.perf_counter() - began), size / MAILS / 1024


def main() -> None:
    number = 3 if "--quick" in sys.argv else 15
    os.sched_setaffinity(0, {CLIENT_CORE})
    made(missed(1, 1))  # what is imported by the first one
    rates: dict[int, list[float]] = {count: [] for count in MESSAGES}
    sizes: dict[int, float] = {}
    for _ in range(number):
        for count, found in rates.items():
            rate, sizes[count] = round_of(count)
            found.append(rate)
    show(
        "Mails",
        ("messages in a mail", "KiB of a mail", "mails/s"),
        [(count, f"{sizes[count]:.0f}", rounds(found)) for count, found in rates.items()],
    )


if __name__ == "__main__":
    main()
