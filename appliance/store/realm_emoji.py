"""SQL of the organization's own emoji. Their pictures: store/uploads.py."""

from appliance.model.public_picture import ROUTE
from appliance.model.realm_emoji import RealmEmoji
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

_SELECT = "SELECT id, name, file, still_file, author_id, deactivated FROM realm_emoji"


def _emoji(row: Row) -> RealmEmoji:
    emoji_id, name, file, still_file, author_id, deactivated = row
    still_url = f"{ROUTE}/{still_file}" if still_file else None
    return RealmEmoji(emoji_id, name, f"{ROUTE}/{file}", still_url, author_id, bool(deactivated))


def everything(handle: Handle) -> list[RealmEmoji]:
    """By id; also those that are deactivated."""
    return [_emoji(row) for row in handle.rows(f"{_SELECT} ORDER BY id")]


def active(handle: Handle) -> dict[str, RealmEmoji]:
    """By name."""
    rows = handle.rows(f"{_SELECT} WHERE NOT deactivated ORDER BY name")
    return {each.name: each for each in map(_emoji, rows)}


def named(handle: Handle, name: str) -> RealmEmoji | None:
    """The active one of that name."""
    row = handle.row(f"{_SELECT} WHERE name = ? AND NOT deactivated", name)
    return _emoji(row) if row else None


def with_id(handle: Handle, emoji_id: int) -> RealmEmoji | None:
    row = handle.row(f"{_SELECT} WHERE id = ?", emoji_id)
    return _emoji(row) if row else None


def files(handle: Handle) -> list[str]:
    """The paths of all their pictures."""
    rows = handle.rows("SELECT file, still_file FROM realm_emoji")
    return [path for row in rows for path in row if path is not None]


def count(handle: Handle) -> int:
    """Also those that are deactivated."""
    found: int = handle.value("SELECT count(*) FROM realm_emoji")
    return found


def add(transaction: Transaction, name: str, file: str, still_file: str | None, author_id: int) -> RealmEmoji:
    """`file` and `still_file`: below the folder of pictures."""
    added: int = transaction.value(
        "INSERT INTO realm_emoji(name, file, still_file, author_id) VALUES (?, ?, ?, ?) RETURNING id",
        name,
        file,
        still_file,
        author_id,
    )
    found = with_id(transaction, added)
    assert found is not None
    return found


def deactivate(transaction: Transaction, emoji_id: int) -> None:
    transaction.execute("UPDATE realm_emoji SET deactivated = 1 WHERE id = ?", emoji_id)
