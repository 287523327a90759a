"""What a client knows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]
Row = dict[str, Any]
Place = tuple[
    Any, ...
]  # of a message: ("pms", id), ("huddles", "3,5,7"), ("streams", id, topic in lower case)

MUTED = 1  # the visibility policy of a topic
UNKNOWN = object()  # in place of what a client cannot know from events


@dataclass
class Unread:
    """A message that is not read. `mentions`: does it count as a mention while its place is muted (True), or
    not muted (False)? As far as that is known."""

    place: Place
    mentions: dict[bool, bool]


@dataclass
class ClientState:
    """`told`: the answer of POST /register as it would be now, but for `unread_msgs`, of which `unread` has
    the messages. `asked`: the parameters of POST /register, client capabilities among them."""

    me: int
    told: dict[str, Any]
    asked: dict[str, Any]
    unread: dict[int, Unread] = field(default_factory=dict)

    @property
    def types(self) -> frozenset[str] | None:
        """Those of the sections that it fetched; None for all."""
        fetched = self.asked.get("fetch_event_types", self.asked.get("event_types"))
        return None if fetched is None else frozenset(fetched)

    @property
    def people(self) -> list[Row]:
        return [*self.told["realm_users"], *self.told["realm_non_active_users"]]

    @property
    def channel_lists(self) -> list[list[Row]]:
        return [self.told[name] for name in ("subscriptions", "unsubscribed", "never_subscribed")]

    @property
    def channels(self) -> list[Row]:
        return [row for rows in self.channel_lists for row in rows]

    def is_in(self, stream_id: int) -> bool:
        return any(row["stream_id"] == stream_id for row in self.told["subscriptions"])

    def has_muted(self, place: Place) -> bool:
        if place[0] != "streams":
            return False
        if policy := self.topic_policy(*place[1:]):
            return policy == MUTED
        return any(row["stream_id"] == place[1] for row in self.told["subscriptions"] if row["is_muted"])

    def topic_policy(self, stream_id: int, topic: str) -> int:
        """`topic` in lower case."""
        same = (
            row["visibility_policy"]
            for row in self.told["user_topics"]
            if (row["stream_id"], row["topic_name"].lower()) == (stream_id, topic)
        )
        return next(same, 0)


Change = Callable[[ClientState, Event], None]
