"""What is unread. Of a message that the client has not seen it may know only whether it counts as a mention
while its place is muted, or while it is not."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.client.messages import deleted, is_mine
from tests.client.state import ClientState, Event, Place, Row, Unread


def take(client: ClientState) -> None:
    """Read `unread_msgs`."""
    told = client.told["unread_msgs"]
    for place, ids in _places(told):
        muted = client.has_muted(place)
        for message_id in ids:
            client.unread[message_id] = Unread(place, _learned(muted, message_id in told["mentions"]))


def _places(told: Row) -> Iterable[tuple[Place, list[int]]]:
    for row in told["pms"]:
        yield ("pms", row["other_user_id"]), row["unread_message_ids"]
    for row in told["huddles"]:
        yield ("huddles", row["user_ids_string"]), row["unread_message_ids"]
    for row in told["streams"]:
        yield ("streams", row["stream_id"], row["topic"].lower()), row["unread_message_ids"]


def _learned(muted: bool, mentioned: bool) -> dict[bool, bool]:
    """A mention in a muted place is one by name, and counts everywhere; none elsewhere is none at all."""
    return dict.fromkeys((True, False), mentioned) if muted == mentioned else {muted: mentioned}


def received(client: ClientState, event: Event) -> None:
    message, flags = event["message"], event["flags"]
    if "read" not in flags and is_mine(client, message):
        by_name, as_one_of_all = "mentioned" in flags, "wildcard_mentioned" in flags
        mentions = {True: by_name, False: by_name or as_one_of_all}
        client.unread[message["id"]] = Unread(_place(client, message), mentions)


def _place(client: ClientState, message: Row) -> Place:
    if message["type"] == "stream":
        return ("streams", message["stream_id"], message["subject"].lower())
    return _direct(client, [each["id"] for each in message["display_recipient"]])


def _direct(client: ClientState, user_ids: list[int]) -> Place:
    people = sorted({*user_ids, client.me})
    if len(people) > 2:
        return ("huddles", ",".join(map(str, people)))
    return ("pms", next((each for each in people if each != client.me), client.me))


def read(client: ClientState, event: Event) -> None:
    if event["flag"] == "read":
        for message_id in list(client.unread) if event["all"] else event["messages"]:
            client.unread.pop(message_id, None)


def marked_unread(client: ClientState, event: Event) -> None:
    for message_id, told in event.get("message_details", {}).items():
        if told["type"] == "stream":
            place: Place = ("streams", told["stream_id"], told["topic"].lower())
        else:
            place = _direct(client, told["user_ids"])
        mentions = _learned(client.has_muted(place), told.get("mentioned", False))
        client.unread[int(message_id)] = Unread(place, mentions)


def changed(client: ClientState, event: Event) -> None:
    rewritten(client, event)
    moved(client, event)


def moved(client: ClientState, event: Event) -> None:
    if not {"subject", "new_stream_id"} & event.keys():
        return
    stream_id = event.get("new_stream_id", event["stream_id"])
    for each in (client.unread[known] for known in event["message_ids"] if known in client.unread):
        topic = event.get("subject", each.place[2])
        each.place = ("streams", stream_id, topic.lower())


def rewritten(client: ClientState, event: Event) -> None:
    """Its new text may mention others."""
    edited = client.unread.get(event["message_id"])
    if edited is not None and "content" in event:
        by_name, as_one_of_all = "mentioned" in event["flags"], "wildcard_mentioned" in event["flags"]
        edited.mentions = {True: by_name, False: by_name or as_one_of_all}


def archived(client: ClientState, event: Event) -> None:
    """Nothing in an archived channel counts as unread."""
    if event["property"] == "is_archived" and event["value"]:
        _forget_channels(client, [event["stream_id"]])


def out_of_sight(client: ClientState, event: Event) -> None:
    _forget_channels(client, event["stream_ids"])


def _forget_channels(client: ClientState, stream_ids: list[int]) -> None:
    for message_id, each in list(client.unread.items()):
        if each.place[0] == "streams" and each.place[1] in stream_ids:
            del client.unread[message_id]


def unread_deleted(client: ClientState, event: Event) -> None:
    for message_id in deleted(event):
        client.unread.pop(message_id, None)


# -- to look at


def by_place(client: ClientState) -> dict[Place, list[int]]:
    found: dict[Place, list[int]] = defaultdict(list)
    for message_id, each in sorted(client.unread.items()):
        found[each.place].append(message_id)
    return dict(found)


def count(client: ClientState) -> int:
    return sum(not client.has_muted(each.place) for each in client.unread.values())


def mentions(client: ClientState) -> dict[int, Any]:
    """Of each unread message: is it a mention? None: that is not known."""
    return {
        message_id: each.mentions.get(client.has_muted(each.place))
        for message_id, each in client.unread.items()
    }
