"""The newest message, conversations, and stars."""

from tests.client.state import UNKNOWN, ClientState, Event, Row


def is_mine(client: ClientState, message: Row) -> bool:
    """Clients with `all_public_streams` also hear what was not sent to the user."""
    return message["type"] == "private" or client.is_in(message["stream_id"])


def deleted(event: Event) -> list[int]:
    """In one event, or (without `bulk_message_deletion`) in one each."""
    found: list[int] = event["message_ids"] if "message_ids" in event else [event["message_id"]]
    return found


def newest(client: ClientState, event: Event) -> None:
    if is_mine(client, event["message"]):
        client.told["max_message_id"] = event["message"]["id"]


def newest_unknown(client: ClientState, event: Event) -> None:
    """Until the next message comes: what is in a channel that was joined, or what was before, nobody says."""
    client.told["max_message_id"] = UNKNOWN


def newest_moved(client: ClientState, event: Event) -> None:
    """Messages may have come to a channel that one is in (from where, not all are told), or left all."""
    newest = client.told["max_message_id"]
    if "new_stream_id" in event or (newest is not UNKNOWN and max(event["message_ids"]) > newest):
        newest_unknown(client, event)


def conversed(client: ClientState, event: Event) -> None:
    message, rows = event["message"], client.told["recent_private_conversations"]
    if message["type"] == "private" and rows is not UNKNOWN:
        others = sorted(each["id"] for each in message["display_recipient"] if each["id"] != client.me)
        rows[:] = [row for row in rows if row["user_ids"] != others]
        rows.insert(0, {"user_ids": others, "max_message_id": message["id"]})


def conversations_unknown(client: ClientState, event: Event) -> None:
    if event["message_type"] == "private":
        client.told["recent_private_conversations"] = UNKNOWN


def starred(client: ClientState, event: Event) -> None:
    if event["flag"] == "starred":
        client.told["starred_messages"] = sorted({*client.told["starred_messages"], *event["messages"]})


def unstarred(client: ClientState, event: Event) -> None:
    if event["flag"] == "starred":
        _take_stars(client, event["messages"])


def stars_deleted(client: ClientState, event: Event) -> None:
    _take_stars(client, deleted(event))


def _take_stars(client: ClientState, message_ids: list[int]) -> None:
    left = [each for each in client.told["starred_messages"] if each not in message_ids]
    client.told["starred_messages"] = left
