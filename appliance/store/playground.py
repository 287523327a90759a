"""SQL of playgrounds."""

from appliance.model.playground import Playground
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def everything(handle: Handle) -> list[Playground]:
    rows = handle.rows("SELECT id, name, pygments_language, url_template FROM playground ORDER BY id")
    return [Playground(*row) for row in rows]


def add(transaction: Transaction, playground: Playground) -> int:
    """Its id."""
    playground_id: int = transaction.value(
        "INSERT INTO playground(name, pygments_language, url_template) VALUES (?, ?, ?) RETURNING id",
        playground.name,
        playground.pygments_language,
        playground.url_template,
    )
    return playground_id


def remove(transaction: Transaction, playground_id: int) -> None:
    transaction.execute("DELETE FROM playground WHERE id = ?", playground_id)
