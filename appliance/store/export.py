"""SQL that reads everything that there is, for an export: what may be much, in pages of bounded size."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from appliance.store.connection import Handle, Row, integers

PAGE = 1000  # rows of a query that reads in pages
ROWS = 10_000  # of people's rows of messages, which are small

_MESSAGE = (
    "SELECT message.id, sender_id, recipient_id, topic, content, rendered_content, time, client,"
    " last_edit_time, edit_history, channel_id, member_ids, has_attachment, has_image, has_link"
    " FROM message JOIN recipient ON recipient.id = recipient_id"
)
# Of a channel that shows people only what they received: that somebody of them, still in it, has received it.
_RECEIVED = (
    "EXISTS (SELECT 1 FROM user_message own"
    " JOIN recipient place ON place.id = message.recipient_id"
    " JOIN subscription ON subscription.channel_id = place.channel_id"
    "  AND subscription.user_id = own.user_id AND active"
    " WHERE own.message_id = message.id AND own.user_id IN (SELECT value FROM carray(?)))"
)


class Selection(NamedTuple):
    """Messages to `open` recipients, and of those to `protected` ones what any of `readers` received."""

    open: frozenset[int]
    protected: frozenset[int]
    readers: frozenset[int]

    def condition(self) -> tuple[str, tuple[Any, ...]]:
        """SQL over `message`, and its bindings. The plus signs keep SQLite from finding all messages by their
        recipients, and sorting them, for each page again."""
        sql = (
            "(+message.recipient_id IN (SELECT value FROM carray(?))"
            f" OR +message.recipient_id IN (SELECT value FROM carray(?)) AND {_RECEIVED})"
        )
        return sql, (integers(self.open), integers(self.protected), integers(self.readers))


def _condition(selection: Selection | None) -> tuple[str, tuple[Any, ...]]:
    return selection.condition() if selection else ("TRUE", ())


# What `selection` None asks for is everything.


def count_messages(handle: Handle, selection: Selection | None = None) -> int:
    where, bindings = _condition(selection)
    found: int = handle.value(f"SELECT count(*) FROM message WHERE {where}", *bindings)
    return found


def messages(handle: Handle, selection: Selection | None) -> Iterator[list[Row]]:
    """In chunks of at most PAGE, by id."""
    last = 0
    while True:
        where, bindings = _condition(selection)
        sql = f"{_MESSAGE} WHERE message.id > ? AND {where} ORDER BY message.id LIMIT ?"
        rows = handle.rows(sql, last, *bindings, PAGE)
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def user_messages(handle: Handle, first: int, last: int) -> Iterator[Row]:
    """(message id, user id, flags) of the messages from `first` to `last`, in that order."""
    place = (first, -1)
    while True:
        rows = handle.rows(
            "SELECT message_id, user_id, flags FROM user_message"
            " WHERE (message_id, user_id) > (?, ?) AND message_id <= ?"
            " ORDER BY message_id, user_id LIMIT ?",
            *place,
            last,
            ROWS,
        )
        yield from rows
        if len(rows) < ROWS:
            return
        place = rows[-1][:2]


def reactions(handle: Handle, selection: Selection | None) -> Iterator[Row]:
    """(id, message id, user id, name, code, type), by id; of deleted messages none."""
    columns = "reaction.id, message_id, user_id, emoji_name, emoji_code, reaction_type"
    return _hanging(handle, "reaction", columns, selection)


def submessages(handle: Handle, selection: Selection | None) -> Iterator[Row]:
    """(id, message id, sender id, type, content), by id; of deleted messages none."""
    columns = "submessage.id, message_id, submessage.sender_id, msg_type, submessage.content"
    return _hanging(handle, "submessage", columns, selection)


def _hanging(handle: Handle, table: str, columns: str, selection: Selection | None) -> Iterator[Row]:
    last = 0
    while True:
        where, bindings = _condition(selection)
        rows = handle.rows(
            f"SELECT {columns} FROM {table} JOIN message ON message.id = message_id"
            f" WHERE {table}.id > ? AND {where} ORDER BY {table}.id LIMIT ?",
            last,
            *bindings,
            PAGE,
        )
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1][0]


def attachment_messages(handle: Handle, selection: Selection | None) -> dict[int, list[int]]:
    """By uploaded file the messages that link to it, ascending; of deleted messages none."""
    where, bindings = _condition(selection)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for attachment_id, message_id in handle.rows(
        "SELECT attachment_id, message_id FROM attachment_message JOIN message ON message.id = message_id"
        f" WHERE {where} ORDER BY attachment_id, message_id",
        *bindings,
    ):
        found[attachment_id].append(message_id)
    return found


def table(handle: Handle, name: str, columns: str, order: str) -> Iterator[dict[str, Any]]:
    """All rows of one that is not large, by the names of the columns."""
    names = columns.split(", ")
    for row in handle.rows(f"SELECT {columns} FROM {name} ORDER BY {order}"):
        yield dict(zip(names, row, strict=True))


def conversations(handle: Handle) -> Iterator[tuple[int, list[int]]]:
    """(recipient id, people) of the direct conversations of three or more, by id."""
    last = 0
    while rows := handle.rows(
        "SELECT id, member_ids FROM recipient WHERE id > ? AND member_ids LIKE '%,%,%' ORDER BY id LIMIT ?",
        last,
        PAGE,
    ):
        for recipient_id, listed in rows:
            yield recipient_id, [int(each) for each in listed.split(",")]
        last = rows[-1][0]


def open_to(handle: Handle, user_ids: frozenset[int]) -> frozenset[int]:
    """Ids of the recipients all of whose messages any of these people can read, public channels apart."""
    rows = handle.rows(
        "SELECT recipient_id FROM conversation_member WHERE user_id IN (SELECT value FROM carray(?))"
        " UNION SELECT recipient_id FROM subscription JOIN channel ON channel.id = channel_id"
        "  WHERE active AND history_public_to_subscribers AND user_id IN (SELECT value FROM carray(?))",
        integers(user_ids),
        integers(user_ids),
    )
    return frozenset(recipient_id for (recipient_id,) in rows)


def newest_recipient(handle: Handle) -> int:
    found: int = handle.value("SELECT coalesce(max(id), 0) FROM recipient")
    return found


def clients(handle: Handle) -> list[str]:
    """Names of the programs that people use, in order."""
    rows = handle.rows(
        "SELECT client FROM message UNION SELECT client FROM user_activity"
        " UNION SELECT client FROM scheduled_message ORDER BY 1"
    )
    return [name for (name,) in rows]


def group_members(handle: Handle) -> list[tuple[int, int]]:
    """(group id, user id) of the groups that people made; whoever is deactivated, too."""
    rows = handle.rows("SELECT group_id, user_id FROM user_group_member ORDER BY group_id, user_id")
    return [(group_id, user_id) for group_id, user_id in rows]


def subscriptions(handle: Handle, channel_id: int) -> list[Row]:
    """(user id, active, colour, muted, pinned, and five notification settings), those that are over too."""
    return handle.rows(
        "SELECT user_id, active, color, is_muted, pin_to_top, desktop_notifications, audible_notifications,"
        " push_notifications, email_notifications, wildcard_mentions_notify"
        " FROM subscription WHERE channel_id = ? ORDER BY user_id",
        channel_id,
    )
