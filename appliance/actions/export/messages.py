"""Messages, a thousand a file, each file with what its messages are to the people who have them."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from appliance.actions.export.source import REALM, Source
from appliance.model.export import Kind
from appliance.model.flag import Flag
from appliance.store import export as everything
from appliance.store.connection import Row as Stored

Row = dict[str, Any]
# Zulip's bits. Those of a mention, and read, starred, collapsed, are the same as ours.
ALERT_WORD, HISTORICAL, DIRECT, PUSHED = 512, 1024, 2048, 4096
SAME = 63
MOVED = {Flag.HAS_ALERT_WORD: ALERT_WORD, Flag.HISTORICAL: HISTORICAL, Flag.ACTIVE_PUSH: PUSHED}
OWN = int(Flag.STARRED | Flag.COLLAPSED | Flag.HAS_ALERT_WORD | Flag.ACTIVE_PUSH)  # nobody else's business


def flags_mask(flags: int, *, direct: bool) -> int:
    moved = sum(theirs for ours, theirs in MOVED.items() if flags & ours)
    return flags & SAME | moved | (DIRECT if direct else 0)


class Chunk:
    """The messages of one file."""

    def __init__(self, source: Source, rows: list[Stored]) -> None:
        self._source, self._rows = source, rows
        self.last = rows[-1][0]

    def messages(self) -> Iterator[Row]:
        yield from (_message(self._source, row) for row in self._rows)

    def user_messages(self, ids: "count[int]") -> Iterator[Row]:
        """What it is to each of its recipients, as far as that is exported."""
        direct = {row[0]: row[10] is None for row in self._rows}
        first, last = self._rows[0][0], self.last
        for message_id, user_id, flags in everything.user_messages(self._source.reader, first, last):
            shown = self._shown(user_id, flags)
            if message_id in direct and shown is not None:
                mask = flags_mask(shown, direct=direct[message_id])
                row = {"id": next(ids), "message": message_id, "user_profile": user_id, "flags_mask": mask}
                yield row

    def _shown(self, user_id: int, flags: int) -> int | None:
        """Of the flags; None: not even that there is a row."""
        if user_id in self._source.consenting:
            return flags
        return flags & ~OWN if self._source.kind == Kind.PUBLIC else None


def chunks(source: Source) -> Iterator[Chunk]:
    yield from (Chunk(source, rows) for rows in everything.messages(source.reader, source.selection))


def _message(source: Source, row: Stored) -> Row:
    message_id, sender_id, recipient_id, topic, content, rendered, time, client, *rest = row
    last_edit_time, edit_history, channel_id, member_ids, has_attachment, has_image, has_link = rest
    return {
        "id": message_id,
        "realm": REALM,
        "sender": sender_id,
        "recipient": _recipient(source, recipient_id, sender_id, member_ids),
        "subject": topic,
        "content": content,
        "rendered_content": rendered,
        "rendered_content_version": 1,
        "date_sent": float(time),
        "sending_client": source.clients[client],
        "last_edit_time": None if last_edit_time is None else float(last_edit_time),
        "edit_history": edit_history,
        "has_attachment": bool(has_attachment),
        "has_image": bool(has_image),
        "has_link": bool(has_link),
        "is_channel_message": channel_id is not None,
    }


def _recipient(source: Source, recipient_id: int, sender_id: int, member_ids: str | None) -> int:
    """Between two people, it is the one whom it was written to (oneself, if there is nobody else)."""
    people = member_ids.split(",") if member_ids else []
    if not 0 < len(people) < 3:
        return recipient_id
    others = [int(each) for each in people if int(each) != sender_id]
    return source.personal_recipient(others[0] if others else sender_id)


def reactions(source: Source) -> Iterator[Row]:
    for row in everything.reactions(source.reader, source.selection):
        reaction_id, message_id, user_id, name, code, kind = row
        yield {
            "id": reaction_id,
            "message": message_id,
            "user_profile": user_id,
            "emoji_name": name,
            "emoji_code": code,
            "reaction_type": kind,
        }


def submessages(source: Source) -> Iterator[Row]:
    """Zulip's importer does not know this table."""
    for row in everything.submessages(source.reader, source.selection):
        yield dict(zip(("id", "message", "sender", "msg_type", "content"), row, strict=True))
