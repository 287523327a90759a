"""Channels, in `streams` and in the three lists of what they are to the user, and who is in them."""

from copy import deepcopy

from tests.client.rows import drop, find, known, put
from tests.client.state import UNKNOWN, ClientState, Event, Row

_BESIDE = ("rendered_description", "history_public_to_subscribers", "is_web_public")


def made(client: ClientState, event: Event) -> None:
    for channel in event["streams"]:
        put(client.told["streams"], channel, "stream_id")


def gone(client: ClientState, event: Event) -> None:
    for stream_id in event["stream_ids"]:
        drop(client.told["streams"], stream_id, "stream_id")


def updated(client: ClientState, event: Event) -> None:
    known(client.told["streams"], event["stream_id"], "stream_id").update(_fields(event))


def _fields(event: Event) -> Row:
    return {event["property"]: event["value"], **{name: event[name] for name in _BESIDE if name in event}}


def muted_topics_unknown(client: ClientState, event: Event) -> None:
    """One may have muted topics there before."""
    client.told["muted_topics"] = UNKNOWN


def renamed_in_muted_topics(client: ClientState, event: Event) -> None:
    if event["property"] == "name":
        _rename_muted(client, event["name"], event["value"])
    elif event["property"] == "is_archived":
        client.told["muted_topics"] = UNKNOWN


def _rename_muted(client: ClientState, before: str, now: str) -> None:
    if client.told["muted_topics"] is not UNKNOWN:
        for row in client.told["muted_topics"]:
            row[0] = now if row[0] == before else row[0]


def gone_from_muted_topics(client: ClientState, event: Event) -> None:
    if client.told["muted_topics"] is not UNKNOWN:
        gone = {channel["name"] for channel in event["streams"]}
        client.told["muted_topics"] = [row for row in client.told["muted_topics"] if row[0] not in gone]


def came_into_sight(client: ClientState, event: Event) -> None:
    """The user is not in it; if they are, `subscription` comes next."""
    for channel in event["streams"]:
        if find(client.channels, channel["stream_id"], "stream_id") is None:
            inside: Row = {"subscribers": []} if client.asked.get("include_subscribers") else {}
            client.told["never_subscribed"].append({**channel, **inside})


def went_out_of_sight(client: ClientState, event: Event) -> None:
    for rows in client.channel_lists:
        for stream_id in event["stream_ids"]:
            drop(rows, stream_id, "stream_id")


def updated_in_lists(client: ClientState, event: Event) -> None:
    known(client.channels, event["stream_id"], "stream_id").update(_fields(event))


def joined(client: ClientState, event: Event) -> None:
    for told in event["subscriptions"]:
        for rows in client.channel_lists:
            drop(rows, told["stream_id"], "stream_id")
        row = deepcopy(told)
        if not client.asked.get("include_subscribers"):
            del row["subscribers"]
        client.told["subscriptions"].append(row)


def left(client: ClientState, event: Event) -> None:
    for each in event["subscriptions"]:
        row = known(client.told["subscriptions"], each["stream_id"], "stream_id")
        client.told["subscriptions"].remove(row)
        client.told["unsubscribed"].append(row)
        _take_out(row, client.me)


def _take_out(row: Row, user_id: int) -> None:
    if "subscribers" in row:
        row["subscribers"] = [each for each in row["subscribers"] if each != user_id]


def set_property(client: ClientState, event: Event) -> None:
    row = known(client.told["subscriptions"], event["stream_id"], "stream_id")
    row[event["property"]] = event["value"]


def peers_joined(client: ClientState, event: Event) -> None:
    for row in client.channels:
        if row["stream_id"] in event["stream_ids"] and "subscribers" in row:
            row["subscribers"] = sorted({*row["subscribers"], *event["user_ids"]})


def peers_left(client: ClientState, event: Event) -> None:
    for row in client.channels:
        if row["stream_id"] in event["stream_ids"]:
            for user_id in event["user_ids"]:
                _take_out(row, user_id)


def peer_deactivated(client: ClientState, event: Event) -> None:
    """Who is deactivated is in no channel any more."""
    if event["person"].get("is_active") is False:
        for row in client.channels:
            _take_out(row, event["person"]["user_id"])
