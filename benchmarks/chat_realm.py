"""A realm of 200 people, 100 channels and 300,000 messages, as uneven as real ones: some channels, topics and
people have nearly everything, some have read all, and some have been away for a year.

    python -m benchmarks.chat_realm FOLDER      # makes it once, in about a minute; 400 MB

It is written straight into the tables: the same seed gives the same realm.
"""

import math
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from pathlib import Path
from random import Random

from appliance.actions.realm import organization as realm
from appliance.actions.search import index as search_index
from appliance.base.clock import SystemClock
from appliance.model.credential import new_api_key
from appliance.model.flag import HAS_ALERT_WORD, MENTIONED, READ, STREAM_WILDCARD_MENTIONED, Flag
from appliance.model.privacy import Privacy
from appliance.model.user import Role, User
from appliance.store import channel as channels
from appliance.store import recipient as recipients
from appliance.store import user as users
from appliance.store.connection import CHECKPOINTER, connect
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from benchmarks.chat_text import Text, Writer
from benchmarks.server import Person

PEOPLE, CHANNELS, MESSAGES = 200, 100, 300_000
QUICK_MESSAGES = 30_000
YEAR = 365 * 86400  # seconds; the time in which it was all written
BATCH = 5_000  # messages a transaction
TO_ALL = 6  # channels in which everybody is
DIRECT_SHARE, GROUP_SHARE = 0.15, 0.04  # of the messages
ROLES = [Role.OWNER, *[Role.ADMIN] * 3, *[Role.MODERATOR] * 4, *[Role.MEMBER] * 180, *[Role.GUEST] * 12]


@dataclass
class Place:
    """A channel or a conversation, and what is talked about there now."""

    recipient_id: int
    people: list[int]
    channel_id: int | None = None
    topics: list[str] = field(default_factory=lambda: [""])

    def __post_init__(self) -> None:
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.people) + 1)))


class Maker:
    """Draws what happens; one batch of messages after another is written."""

    def __init__(self, transaction: Transaction, messages: int) -> None:
        self.random = Random(6)
        self._writer = Writer(self.random)
        self._messages, self._now = messages, int(time.time())
        self.people = self._make_people(transaction)
        self._ids = [each.id for each in self.people]
        self._names = {each.id: each.full_name for each in self.people}
        self._channels = [self._make_channel(transaction, number) for number in range(CHANNELS)]
        shares = [1 / rank for rank in range(1, CHANNELS + 1)]
        self.random.shuffle(shares)
        self._shares = list(accumulate(shares))
        self._conversations: dict[tuple[int, ...], Place] = {}
        self._seen = {each: self._read_until(number) for number, each in enumerate(self._ids)}

    def _make_people(self, transaction: Transaction) -> list[User]:
        return [
            users.add(
                transaction,
                email=f"p{number}@example.com",
                full_name=f"{self._writer.some(1).title()} {number}",
                role=role,
                api_key=new_api_key(),
            )
            for number, role in enumerate(ROLES)
        ]

    def _make_channel(self, transaction: Transaction, number: int) -> Place:
        """Every eighth is private; of these every third shows its history to nobody who came later."""
        private = number >= TO_ALL and number % 8 == 0
        channel = channels.add(
            transaction,
            name=f"{self._writer.some(1)} {number}",
            description=self._writer.some(8),
            rendered_description=f"<p>{self._writer.some(8)}</p>",
            privacy=Privacy(private, not (private and number % 24 == 0), number == TO_ALL + 1),
            creator_id=self._ids[0],
        )
        size = len(self._ids) if number < TO_ALL else max(3, int(160 / (number - TO_ALL + 1) ** 0.6))
        inside = self.random.sample(self._ids, size)
        transaction.many(
            "INSERT INTO subscription(channel_id, user_id, color, is_muted) VALUES (?, ?, ?, ?)",
            [(channel.id, each, "#76ce90", self.random.random() < 0.1) for each in inside],
        )
        return Place(channel.recipient_id, inside, channel.id)

    def _read_until(self, number: int) -> int:
        """The newest message that somebody has read. The first ones, who ask in the benchmark, read most."""
        away = self.random.choices((0.0005, 0.01, 0.1, 0.3, 1.0), (50, 25, 15, 7, 3))[0]
        away = away if number >= 10 else 0.01
        return int(self._messages * (1 - away * self.random.random()))

    # -- messages

    def write(self, transaction: Transaction, numbers: range) -> None:
        rows: list[tuple[object, ...]] = []
        received: list[tuple[int, int, int]] = []
        reactions: list[tuple[object, ...]] = []
        for number in numbers:
            place = self._place(transaction)
            sender = self.random.choices(place.people, cum_weights=place.weights)[0]
            mentioned = self.random.choice(place.people) if self.random.random() < 0.04 else None
            text = self._writer.text((self._names[mentioned], mentioned) if mentioned else None)
            rows.append(self._row(number, place, sender, text))
            received += self._received(number, place, sender, mentioned)
            reactions += self._reactions(number, place)
        transaction.many(_ADD, rows)
        transaction.many("INSERT INTO user_message VALUES (?, ?, ?)", received)
        transaction.many(_REACT, reactions)

    def _place(self, transaction: Transaction) -> Place:
        dice = self.random.random()
        if dice < DIRECT_SHARE + GROUP_SHARE:
            return self._conversation(transaction, 2 if dice < DIRECT_SHARE else self.random.randint(3, 6))
        place = self.random.choices(self._channels, cum_weights=self._shares)[0]
        if self.random.random() < 0.05:
            place.topics.append(("✔ " if self.random.random() < 0.2 else "") + self._writer.topic())
        return place

    def _conversation(self, transaction: Transaction, size: int) -> Place:
        """Everybody writes mostly to the same few."""
        first = int(self.random.paretovariate(0.5)) % len(self._ids)
        chosen = {self._ids[first]}
        while len(chosen) < size:
            chosen.add(self._ids[(first + int(self.random.paretovariate(0.7))) % len(self._ids)])
        people = tuple(sorted(chosen))
        if people not in self._conversations:
            recipient_id = recipients.find_or_add(transaction, list(people))
            self._conversations[people] = Place(recipient_id, list(people))
        return self._conversations[people]

    def _row(self, number: int, place: Place, sender: int, text: Text) -> tuple[object, ...]:
        recent = place.topics[-10:]
        topic = self.random.choice(recent) if place.channel_id is not None else ""
        sent = self._now - YEAR + YEAR * number // self._messages
        flags = int(text.has_attachment), int(text.has_image), int(text.has_link)
        return (
            number, sender, place.recipient_id, topic, topic.lower(), text.content, text.html, sent,
            "website", *flags,
        )  # fmt: skip

    def _received(
        self, number: int, place: Place, sender: int, mentioned: int | None
    ) -> Iterator[tuple[int, int, int]]:
        common = STREAM_WILDCARD_MENTIONED if self.random.random() < 0.002 else 0
        starred = self.random.choice(place.people) if self.random.random() < 0.02 else None
        alerted = self.random.choice(place.people) if self.random.random() < 0.02 else None
        for each in place.people:
            flags = common
            if each == sender or self._seen[each] >= number:
                flags |= READ
            flags |= (MENTIONED if each == mentioned else 0) | (HAS_ALERT_WORD if each == alerted else 0)
            yield number, each, flags | (int(Flag.STARRED) if each == starred else 0)

    def _reactions(self, number: int, place: Place) -> Iterator[tuple[object, ...]]:
        if self.random.random() < 0.1:
            for each in self.random.sample(place.people, min(len(place.people), self.random.randint(1, 3))):
                yield number, each, "+1", "1f44d", "unicode_emoji"

    # -- what follows from them

    def finish(self, transaction: Transaction) -> None:
        transaction.execute(
            "INSERT INTO unread SELECT user_id, message_id FROM user_message WHERE flags & 1 = 0"
            " ORDER BY user_id, message_id"
        )
        transaction.execute("UPDATE unread_position SET message_id = ?", self._messages)
        transaction.execute(
            "UPDATE channel SET first_message_id ="
            " (SELECT min(id) FROM message WHERE recipient_id = channel.recipient_id)"
        )
        transaction.many(
            "INSERT OR IGNORE INTO user_topic(user_id, channel_id, topic, topic_key, visibility_policy,"
            " last_updated) VALUES (?, ?, ?, ?, ?, ?)",
            [row for each in self._ids for row in self._policies(each)],
        )
        transaction.many(
            "INSERT INTO presence(user_id, last_active, last_connected) VALUES (?, ?, ?)",
            [(each, self._now - each * 600, self._now - each * 600) for each in self._ids],
        )

    def _policies(self, user_id: int) -> Iterator[tuple[object, ...]]:
        for _ in range(self.random.randint(0, 60)):
            place = self.random.choices(self._channels, cum_weights=self._shares)[0]
            topic = self.random.choice(place.topics)
            policy = self.random.choices((1, 2, 3), (3, 1, 6))[0]
            yield user_id, place.channel_id, topic, topic.lower(), policy, self._now


_ADD = (
    "INSERT INTO message(id, sender_id, recipient_id, topic, topic_key, content, rendered_content, time,"
    " client, has_attachment, has_image, has_link) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_REACT = (
    "INSERT INTO reaction(message_id, user_id, emoji_name, emoji_code, reaction_type) VALUES (?, ?, ?, ?, ?)"
)


def make(folder: Path, messages: int = MESSAGES) -> None:
    """Into a new data folder. No server runs."""
    store = Store(folder, SystemClock())
    try:
        realm.prepare(store)
        maker = store.write(lambda transaction: Maker(transaction, messages))
        numbers = iter(range(1, messages + 1))
        while batch := list(islice(numbers, BATCH)):
            part = range(batch[0], batch[-1] + 1)
            store.write(lambda transaction, part=part: maker.write(transaction, part))  # type: ignore[misc]
            _checkpoint(store)
        store.write(maker.finish)
        search_index.keep_up(store, math.inf)
    finally:
        store.close()


def _checkpoint(store: Store) -> None:
    """Nobody else does it without a server."""
    connection = connect(store.path, CHECKPOINTER)
    connection.wal_checkpoint()
    connection.close()


def members(folder: Path) -> list[Person]:
    """Those that were made: the owner first, the guests last."""
    store = Store(folder, SystemClock())
    try:
        with store.read() as reader:
            found = users.everyone(reader)
    finally:
        store.close()
    return [Person(each.id, each.delivery_email, each.api_key) for each in found if not each.is_bot]


if __name__ == "__main__":
    make(Path(sys.argv[1]))
