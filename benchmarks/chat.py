"""What people wait for in a realm of 200 people, 100 channels and 300,000 messages.

Run it with `benchmarks/run chat`. The realm (chat_realm.py) is made anew, or, if CHAT_REALM names a folder,
made there once and used again: each run adds the messages that it sends.

One client asks the real server for one thing after another; the questions take turns, so that a slow minute
of the machine hits all of them. CPU is that of the server for each.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from benchmarks import chat_realm
from benchmarks.client import Connection
from benchmarks.register import WISHES
from benchmarks.report import milliseconds, show
from benchmarks.server import Person, Server

ROUNDS, QUICK_ROUNDS = 60, 6
PAGE = 100  # messages of a window
MADE = str(chat_realm.QUICK_MESSAGES)  # a message that no run of this has sent
STATES = ("unread", "starred", "mentioned", "alerted", "followed", "muted", "resolved")
TERMINAL = {"apply_markdown": "true", "include_subscribers": "true"}


@dataclass
class Question:
    """`limit`: milliseconds that half of the answers may take at most; `asks`: requests, in turn."""

    name: str
    limit: float
    asks: Sequence[bytes]
    least: int = 0  # messages in each answer
    latencies: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0

    def ask(self, server: Server, connection: Connection, number: int) -> None:
        request = self.asks[number % len(self.asks)]
        cpu, began = server.cpu, time.perf_counter()
        answer = connection.ask(request)
        self.latencies.append(time.perf_counter() - began)
        self.cpu.append(server.cpu - cpu)
        self.size = max(self.size, len(answer))
        if self.least and len(orjson.loads(answer)["messages"]) < self.least:
            raise RuntimeError(f"{self.name}: too few messages")

    def row(self) -> list[str]:
        return [
            self.name,
            f"{self.limit:.0f}",
            f"**{milliseconds(self.latencies)}**",
            f"{min(self.latencies) * 1000:.2f}",
            f"{median(self.cpu) * 1000:.2f}",
            f"{self.size >> 10}",
        ]


class Questions:
    """Of one person, with narrows that fit what the person has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        register = connection.request("POST", "/register", WISHES)
        self._state: dict[str, Any] = orjson.loads(connection.ask(register))
        self._feed = self._messages([], MADE)

    def _messages(self, narrow: list[Any], anchor: str = "newest") -> list[dict[str, Any]]:
        answer = orjson.loads(self._connection.ask(self._window(narrow, anchor)))
        found: list[dict[str, Any]] = answer["messages"]
        return found

    def _window(self, narrow: list[Any], anchor: str = "newest") -> bytes:
        form = {"anchor": anchor, "num_before": str(PAGE), "num_after": "0"}
        return self._connection.request("GET", "/messages", {**form, "narrow": json.dumps(narrow)})

    def everything(self) -> list[Question]:
        requests = self._connection.request
        return [
            Question("POST /register, as a phone", 150, [requests("POST", "/register", WISHES)]),
            Question("… as a terminal, of older habits", 150, [requests("POST", "/register", TERMINAL)]),
            *self._narrows(),
            *self._searches(),
            Question("POST to a channel of 200", 15, [self._message()]),
        ]

    def _narrows(self) -> list[Question]:
        channel = [["channel", self._state["subscriptions"][0]["stream_id"]]]
        topics = {(each["stream_id"], each["subject"]) for each in self._feed if "stream_id" in each}
        direct = self._messages([["is", "dm"]])
        people = [[each["id"] for each in message["display_recipient"]] for message in direct]
        senders = [each["sender_id"] for each in self._feed]
        narrows: dict[str, list[list[Any]]] = {
            "all messages": [[]],
            "a channel": [channel],
            "a topic": [[["channel", each], ["topic", topic]] for each, topic in sorted(topics)],
            "a topic's name, anywhere": [[["topic", topic]] for _, topic in sorted(topics)],
            "direct messages": [[["is", "dm"]]],
            "a conversation": [[["dm", each]] for each in people],
            "conversations with somebody": [[["dm-including", each[0]]] for each in people],
            "the conversation of a message": [[["with", each["id"]]] for each in self._feed],
            "of a sender": [[["sender", each]] for each in senders],
            "not of a sender": [[without("sender", each)] for each in senders],
            "in home": [[["in", "home"]]],
            "in public channels": [[["channels", "public"]]],
            "a sender in a channel": [[*channel, ["sender", each]] for each in senders],
            **{f"is {each}": [[["is", each]]] for each in STATES},
            **{f"has {each}": [[["has", each]]] for each in ("attachment", "image", "link", "reaction")},
            "has link, not in a channel": [[["has", "link"], without(*channel[0])]],
            "from somebody, has image": [[["sender", each], ["has", "image"]] for each in senders],
            "is starred, has link": [[["is", "starred"], ["has", "link"]]],
        }
        windows = {name: [self._window(each) for each in listed] for name, listed in narrows.items()} | {
            "from the first unread": [self._window([], "first_unread")],
            "a channel, from the first unread": [self._window(channel, "first_unread")],
            "long ago": [self._window([], MADE)],
        }
        return [Question(f"GET {PAGE}: {name}", 30, asks) for name, asks in windows.items()]

    def _searches(self) -> list[Question]:
        words = [word for each in self._feed for word in self._plain(each["content"])]
        rare = sorted({word for word in words if len(word) > 6})
        short = sorted({word for word in words if len(word) < 5})
        channel = ["channel", self._state["subscriptions"][0]["stream_id"]]
        searches: dict[str, list[list[Any]]] = {
            "a word": [[["search", each]] for each in words],
            "a rare word": [[["search", each]] for each in rare],
            "a short word, common": [[["search", each]] for each in short],
            "the beginning of a word": [[["search", each[:4]]] for each in rare],
            "two words": [[["search", " ".join(pair)]] for pair in pairwise(words)],
            "a phrase": [[["search", f'"{" ".join(pair)}"']] for pair in pairwise(words)],
            "a word in a channel": [[["search", each], channel] for each in words],
            "a word of a sender": [
                [["search", self._plain(each["content"])[0]], ["sender", each["sender_id"]]]
                for each in self._feed if self._plain(each["content"])
            ],
            "ideographs": [[["search", each]] for each in ("会議", "東京", "電車音", "大")],
        }  # fmt: skip
        return [
            Question(f"search: {name}", 50, [self._window(each) for each in listed])
            for name, listed in searches.items()
        ]

    def _plain(self, html: str) -> list[str]:
        return [word for word in html.replace("<p>", "").replace("</p>", "").split() if word.isalpha()]

    def _message(self) -> bytes:
        largest = max(self._state["subscriptions"], key=lambda each: len(each["subscribers"]))
        place = {"type": "stream", "to": str(largest["stream_id"]), "topic": "benchmark"}
        form = {**place, "content": "Is *this* quick **enough**?"}
        return self._connection.request("POST", "/messages", form)


def without(operator: str, operand: Any) -> dict[str, Any]:
    return {"operator": operator, "operand": operand, "negated": True}


@contextmanager
def realm(quick: bool) -> Iterator[Path]:
    """The folder."""
    messages = chat_realm.QUICK_MESSAGES if quick else chat_realm.MESSAGES
    kept = os.environ.get("CHAT_REALM")
    if kept is None:
        with tempfile.TemporaryDirectory() as name:
            chat_realm.make(Path(name), messages)
            yield Path(name)
        return
    folder = Path(kept)
    if not folder.exists():
        chat_realm.make(folder, messages)
    yield folder


def start_seconds(folder: Path, times: int) -> list[float]:
    found = []
    for _ in range(times):
        with Server(folder) as server:
            found.append(server.start_seconds)
    return found


def main() -> None:
    quick = "--quick" in sys.argv
    with realm(quick) as folder:
        people = chat_realm.members(folder)
        starts = start_seconds(folder, 2 if quick else 5)
        with Server(folder) as server:
            questions = ask(server, people, QUICK_ROUNDS if quick else ROUNDS)
            rss = server.rss
        size = sum(each.stat().st_size for each in folder.iterdir() if each.is_file()) >> 20
    show(
        "Chat",
        ("asked for", "limit, ms", "answer, ms p50 / p99", "least", "CPU, ms", "KiB"),
        [each.row() for each in questions],
        f"Start to first answer: {milliseconds(starts)} ms (limit 2,000)."
        f" RSS at the end: {rss / 1024:.0f} MiB (limit 150). Files: {size:,} MiB.",
        verdict(questions, starts, rss),
    )


def ask(server: Server, people: list[Person], rounds: int) -> list[Question]:
    connection = Connection(server.port, people[5])
    questions = Questions(connection).everything()
    for number in range(rounds):
        for each in questions:
            each.ask(server, connection, number)
    return questions


def verdict(questions: list[Question], starts: list[float], rss: int) -> str:
    late = [each.name for each in questions if median(each.latencies) * 1000 > each.limit]
    late += ["start"] if median(starts) > 2 else []
    late += ["RSS"] if rss > 150 * 1024 else []
    return f"Over the limit: {', '.join(late)}." if late else "All are within their limits."


if __name__ == "__main__":
    main()
