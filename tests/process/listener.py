"""Clients that differ in what they want of their event queue, and know what they must have been told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.process.client import Person, Poller

GARDEN = "garden"  # a public channel that people enter and leave
Message = dict[str, Any]  # as GET /messages shows it

FLAGS = frozenset({"read", "starred", "collapsed"})
PERIOD = "email_notifications_batching_period_seconds"  # each change of it has a larger value


class Kind(NamedTuple):
    """`hears`: which messages it wants, of those that its person can see (of all, if `public` channels count
    as well)."""

    parameters: Mapping[str, Any]
    hears: Callable[[Message], bool] = lambda message: True
    public: bool = False

    def wants(self, *types: str) -> bool:
        asked = self.parameters.get("event_types")
        return asked is None or set(types) <= set(asked)


def _in_channel(message: Message) -> bool:
    return bool(message["type"] == "stream")


def _in_general(message: Message) -> bool:
    return bool(message["display_recipient"] == "general")


MODERN = {
    "bulk_message_deletion": True,
    "empty_topic_name": True,
    "notification_settings_null": True,
    "user_settings_object": True,
}
KINDS = {
    "plain": Kind({}),
    "modern": Kind({"client_capabilities": MODERN, "slim_presence": True, "client_gravatar": False}),
    "messages": Kind({"event_types": ["message"]}),
    "rendered": Kind({"event_types": ["message", "restart"], "apply_markdown": True}),
    "flags": Kind({"event_types": ["message", "update_message_flags"]}),
    "all channels": Kind({"all_public_streams": True, "event_types": ["message", "presence"]}, public=True),
    "one channel": Kind({"narrow": [["channel", "general"]]}, _in_general, public=True),
    "direct": Kind(
        {"narrow": [["is", "dm"]], "event_types": ["message", "restart"]}, lambda m: not _in_channel(m)
    ),
    "settings": Kind({"event_types": ["user_settings", "restart"]}, lambda message: False),
}


@dataclass
class Truth:
    """What the server says in the end: all messages by id, those that each person (by user id) received, and
    the changes of PERIOD that each was told had succeeded."""

    messages: dict[int, Message]
    received: dict[int, dict[int, Message]]
    periods: dict[int, list[int]]


@dataclass
class Listener:
    """`born`: between which numbers of starts of the server it registered (they differ if it went down)."""

    name: str  # in KINDS
    poller: Poller
    born: tuple[int, int]
    deleted: bool = False
    listening: bool = False

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]

    @property
    def person(self) -> Person:
        return self.poller.person

    def listen(self) -> None:
        """Poll from now on, if it does not yet."""
        if not self.listening:
            self.listening = True
            self.poller.start()

    def expected(self, truth: Truth) -> list[Message]:
        """The messages that it must have been told of, oldest first."""
        if not self.kind.wants("message"):
            return []
        received = truth.received[self.person.user_id]
        return [
            message
            for message_id, message in sorted(truth.messages.items())
            if self._is_born_before(message)
            and (message_id in received or (self.kind.public and _in_channel(message)))
            and self.kind.hears(message)
        ]

    def _is_born_before(self, message: Message) -> bool:
        """`max_message_id` is of conversations and the channels that one is in now. So of others it is not
        known, but that they are older than the first that was heard."""
        newest: int = self.poller.snapshot["max_message_id"]
        first = min(self.poller.message_ids(), default=0)
        is_elsewhere = message["display_recipient"] == GARDEN
        return newest < message["id"] and (not is_elsewhere or first <= message["id"])

    def has_all(self, truth: Truth) -> bool:
        """Or was refused, which is for `check` to tell."""
        heard = set(self.poller.message_ids())
        missing = {message["id"] for message in self.expected(truth)} - heard
        periods = self._wanted_periods(truth) - set(self._periods())
        return self.poller.refusal is not None or not (missing or periods)

    def check(self, truth: Truth, restarts: tuple[int, int]) -> None:
        """`restarts`: the numbers of all starts that succeeded, and of all."""
        poller, expected = self.poller, self.expected(truth)
        assert poller.refusal is None
        assert poller.in_order(), [(event["id"], event["type"]) for event in poller.events]
        assert poller.message_ids() == [message["id"] for message in expected]
        assert poller.contents() == [self._form(message["content"]) for message in expected]
        assert self._periods() == sorted(set(self._periods()))
        assert self._wanted_periods(truth) <= set(self._periods())
        if self.kind.wants("restart"):
            at_least, at_most = restarts[0] - self.born[1], restarts[1] - self.born[0]
            assert at_least <= len(poller.of_type("restart")) <= at_most
        if self.kind.wants("message", "update_message_flags"):
            assert self._flags() == _flags_of(expected, truth.received[self.person.user_id])

    def _form(self, content: str) -> str:
        return f"<p>{content}</p>" if self.kind.parameters.get("apply_markdown") else content

    def _periods(self) -> list[int]:
        """The values of PERIOD that it was told of, in order."""
        events = self.poller.of_type("user_settings")
        return [event["value"] for event in events if event["property"] == PERIOD]

    def _wanted_periods(self, truth: Truth) -> set[int]:
        if not self.kind.wants("user_settings"):
            return set()
        settings = self.poller.snapshot["user_settings"]
        return {each for each in truth.periods[self.person.user_id] if each > settings[PERIOD]}

    def _flags(self) -> dict[int, set[str]]:
        """Of each message that it was told of, as the events leave them."""
        found: dict[int, set[str]] = {}
        for event in list(self.poller.events):
            if event["type"] == "message":
                found[event["message"]["id"]] = set(event["flags"]) & FLAGS
            elif event["type"] == "update_message_flags":
                change = set.add if event["op"] == "add" else set.discard
                for message_id in found.keys() & set(event["messages"]):
                    change(found[message_id], event["flag"])
        return found


def _flags_of(expected: Iterable[Message], received: Mapping[int, Message]) -> dict[int, set[str]]:
    """A message that was not sent to the person has none."""
    return {each["id"]: set(received.get(each["id"], {"flags": ()})["flags"]) & FLAGS for each in expected}
