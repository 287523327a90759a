"""SQL of linkifiers, which have an order."""

from collections.abc import Sequence

from appliance.model.linkifier import Linkifier
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def everything(handle: Handle) -> list[Linkifier]:
    """In their order."""
    rows = handle.rows("SELECT position, id, pattern, url_template FROM linkifier")
    return [Linkifier(*row) for _, *row in sorted(rows)]


def with_pattern(handle: Handle, pattern: str) -> Linkifier | None:
    row = handle.row("SELECT id, pattern, url_template FROM linkifier WHERE pattern = ?", pattern)
    return None if row is None else Linkifier(*row)


def add(transaction: Transaction, pattern: str, url_template: str) -> int:
    """At the end; its id."""
    linkifier_id: int = transaction.value(
        "INSERT INTO linkifier(pattern, url_template, position)"
        " VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM linkifier)) RETURNING id",
        pattern,
        url_template,
    )
    return linkifier_id


def change(transaction: Transaction, linkifier: Linkifier) -> None:
    transaction.execute(
        "UPDATE linkifier SET pattern = ?, url_template = ? WHERE id = ?",
        linkifier.pattern,
        linkifier.url_template,
        linkifier.id,
    )


def remove(transaction: Transaction, linkifier_id: int) -> None:
    transaction.execute("DELETE FROM linkifier WHERE id = ?", linkifier_id)


def reorder(transaction: Transaction, linkifier_ids: Sequence[int]) -> None:
    """All of them."""
    for position, linkifier_id in enumerate(linkifier_ids, 1):
        transaction.execute("UPDATE linkifier SET position = ? WHERE id = ?", position, linkifier_id)
