"""Tables of what is people's alone: of who has not consented, nothing is exported."""

from collections.abc import Iterator
from typing import Any

import orjson

from appliance.actions.export.source import REALM, Source
from appliance.model import draft as drafts
from appliance.store import bot_service, muted_user, recipient, user_activity, user_topic
from appliance.store import export as everything

Row = dict[str, Any]


def _own(source: Source, table: str, columns: str, order: str, owner: str = "user_id") -> Iterator[Row]:
    rows = everything.table(source.reader, table, columns, order)
    yield from (row for row in rows if row[owner] in source.consenting)


def activity(source: Source) -> Iterator[Row]:
    for user_id in sorted(source.consenting):
        for client, query, count, last_visit in sorted(user_activity.of_user(source.reader, user_id)):
            yield {
                "user_profile": user_id,
                "client": source.clients[client],
                "query": query,
                "count": count,
                "last_visit": float(last_visit),
            }


def muted(source: Source) -> Iterator[Row]:
    for user_id in sorted(source.consenting):
        for muted_id, since in muted_user.of_user(source.reader, user_id):
            yield {"user_profile": user_id, "muted_user": muted_id, "date_muted": float(since)}


def topics(source: Source) -> Iterator[Row]:
    recipients = {each.id: each.recipient_id for each in source.channels}
    for user_id in sorted(source.consenting):
        for channel_id, topic, policy, last_updated in user_topic.of_user(source.reader, user_id):
            yield {
                "user_profile": user_id,
                "stream": channel_id,
                "recipient": recipients[channel_id],
                "topic_name": topic,
                "last_updated": float(last_updated),
                "visibility_policy": int(policy),
            }


def services(source: Source) -> Iterator[Row]:
    """Their tokens stay here."""
    for user_id in sorted(source.consenting):
        for each in bot_service.of_bot(source.reader, user_id):
            yield {
                "id": each.id,
                "user_profile": each.bot_id,
                "name": each.name,
                "base_url": each.base_url,
                "interface": each.interface,
                "token": "",
            }


def alert_words(source: Source) -> Iterator[Row]:
    for row in _own(source, "alert_word", "user_id, word", "user_id, word_key"):
        yield {"realm": REALM, "user_profile": row["user_id"], "word": row["word"]}


def snippets(source: Source) -> Iterator[Row]:
    for row in _own(source, "saved_snippet", "id, user_id, title, content, created", "id"):
        yield {
            "id": row["id"],
            "realm": REALM,
            "user_profile": row["user_id"],
            "title": row["title"],
            "content": row["content"],
            "date_created": float(row["created"]),
        }


def bot_data(source: Source) -> Iterator[Row]:
    for row in _own(source, "bot_storage", "bot_id, key, value", "bot_id, key", "bot_id"):
        yield {"bot_profile": row["bot_id"], "key": row["key"], "value": row["value"]}


def statuses(source: Source) -> Iterator[Row]:
    """They are there to be seen by others."""
    columns = "user_id, text, emoji_name, emoji_code, reaction_type"
    for row in everything.table(source.reader, "user_status", columns, "user_id"):
        yield {
            "user_profile": row["user_id"],
            "timestamp": float(source.time),
            "client": None,
            "status_text": row["text"],
            "emoji_name": row["emoji_name"],
            "emoji_code": row["emoji_code"],
            "reaction_type": row["reaction_type"] or "unicode_emoji",
        }


# -- messages that are not sent yet


def draft_rows(source: Source) -> Iterator[Row]:
    """Zulip's importer does not know this table."""
    columns = "id, user_id, type, recipients, topic, content, edited"
    for row in _own(source, "draft", columns, "id"):
        to = orjson.loads(row["recipients"])
        channel_id = to[0] if row["type"] == drafts.CHANNEL else None
        found = _place(source, row["user_id"], channel_id, to) if to else None
        yield {
            "id": row["id"],
            "user_profile": row["user_id"],
            "recipient": found,
            "topic": row["topic"],
            "content": row["content"],
            "last_edit_time": float(row["edited"]),
        }


def scheduled(source: Source) -> Iterator[Row]:
    columns = (
        "id, sender_id, channel_id, user_ids, topic, content, rendered_content, client, read_by_sender, due,"
        " failure"
    )
    for row in _own(source, "scheduled_message", columns, "id", "sender_id"):
        to = orjson.loads(row["user_ids"])
        found = _place(source, row["sender_id"], row["channel_id"], to)
        if found is None:
            continue
        yield {
            "id": row["id"],
            "realm": REALM,
            "sender": row["sender_id"],
            "recipient": found,
            "stream": row["channel_id"],
            "subject": row["topic"],
            "content": row["content"],
            "rendered_content": row["rendered_content"],
            "sending_client": source.clients[row["client"]],
            "read_by_sender": bool(row["read_by_sender"]),
            "scheduled_timestamp": float(row["due"]),
            "request_timestamp": float(row["due"]),
            "delivery_type": 1,
            "delivered": False,
            "delivered_message": None,
            "has_attachment": False,
            "failed": row["failure"] is not None,
            "failure_message": row["failure"],
        }


def _place(source: Source, user_id: int, channel_id: int | None, to: list[int]) -> int | None:
    """Zulip's recipient; None: there is none, as of people who have not talked to one another yet."""
    if channel_id is not None:
        return next((each.recipient_id for each in source.channels if each.id == channel_id), None)
    others = [each for each in to if each != user_id]
    if len(others) < 2:
        return source.personal_recipient(others[0] if others else user_id)
    return recipient.find(source.reader, [user_id, *others])
