"""SQL of the search for words.

`message_words` is an index that lags, as `unread` is: the newest messages, and those that were changed, are
put into it LAG at a time. A search reads those that are not in it yet, and so finds all.
"""

from appliance.model.highlight import searchable
from appliance.model.search import Search
from appliance.store.connection import Handle, Row, integers
from appliance.store.message import Condition
from appliance.store.transaction import Transaction

LAG = 128  # messages that are put into the index at once
MOST_READ = 1000  # messages that a search reads by itself: the newest, while there are more (after an import)

_PENDING = (
    "SELECT id, topic, rendered_content FROM message"
    " WHERE id IN (SELECT message_id FROM search_pending ORDER BY message_id {0} LIMIT ?)"
)
_BEYOND = (
    "SELECT id, topic, rendered_content FROM message"
    " WHERE id > (SELECT message_id FROM search_position) ORDER BY id {0} LIMIT ?"
)


def found(handle: Handle, search: Search) -> Condition:
    """For the messages that it finds."""
    return (
        "message.id IN (SELECT rowid FROM message_words WHERE message_words MATCH ?"
        " UNION ALL SELECT value FROM carray(?))",
        (search.expression, integers(_found_by_reading(handle, search))),
    )


def _found_by_reading(handle: Handle, search: Search) -> list[int]:
    return [
        message_id
        for message_id, content, topic in map(_words, _unindexed(handle, "DESC", MOST_READ))
        if search.finds(content, topic)
    ]


def _unindexed(handle: Handle, order: str, limit: int) -> list[Row]:
    rows = handle.rows(_PENDING.format(order), limit)
    return rows + handle.rows(_BEYOND.format(order), limit - len(rows))


def _words(row: Row) -> tuple[int, str, str]:
    message_id, topic, rendered = row
    return message_id, searchable(rendered), searchable(topic)


def is_behind(handle: Handle) -> bool:
    """Are there LAG messages that are not in the index?"""
    missing = handle.value(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM message"
        " WHERE id > (SELECT message_id FROM search_position) LIMIT ?1))"
        " + (SELECT count(*) FROM (SELECT 1 FROM search_pending LIMIT ?1))",
        LAG,
    )
    return bool(missing >= LAG)


def catch_up(transaction: Transaction) -> None:
    """Put the next LAG messages into the index, or as many as there are: a few milliseconds."""
    rows = _unindexed(transaction, "ASC", LAG)
    ids = integers(row[0] for row in rows)
    transaction.many("INSERT INTO message_words(rowid, content, topic) VALUES (?, ?, ?)", map(_words, rows))
    transaction.execute("DELETE FROM search_pending WHERE message_id IN (SELECT value FROM carray(?))", ids)
    transaction.execute(
        "UPDATE search_position SET message_id = max(message_id, (SELECT max(value) FROM carray(?)))", ids
    )
