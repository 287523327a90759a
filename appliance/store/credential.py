"""SQL of one-time links. Only hashes of their tokens are stored."""

from appliance.model.credential import token_hash
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def add_link(transaction: Transaction, token: str, user_id: int | None, lifetime: int) -> None:
    """A link that signs `user_id` in once, or (None) makes the first owner; `lifetime` in seconds."""
    now = int(transaction.now())
    transaction.execute("DELETE FROM login_link WHERE expires < ?", now)
    transaction.execute("INSERT INTO login_link VALUES (?, ?, ?)", token_hash(token), user_id, now + lifetime)


def drop_owner_links(transaction: Transaction) -> None:
    transaction.execute("DELETE FROM login_link WHERE user_id IS NULL")


def link_target(handle: Handle, token: str, now: float) -> tuple[int | None] | None:
    """(user id,) of a link that may still be used, (None,) for the owner's; None if there is no such link."""
    row = handle.row(
        "SELECT user_id FROM login_link WHERE token_hash = ? AND expires >= ?", token_hash(token), int(now)
    )
    return (row[0],) if row else None


def use_link(transaction: Transaction, token: str) -> tuple[int | None] | None:
    """As `link_target`, and the link is of no use any more."""
    target = link_target(transaction, token, transaction.now())
    transaction.execute("DELETE FROM login_link WHERE token_hash = ?", token_hash(token))
    return target


def drop_links_of(transaction: Transaction, user_id: int) -> None:
    transaction.execute("DELETE FROM login_link WHERE user_id = ?", user_id)


def add_email_change(
    transaction: Transaction, token: str, user_id: int, email: str, lifetime: int
) -> None:
    """A link that makes `email` the address of `user_id`, in place of an earlier one."""
    now = int(transaction.now())
    transaction.execute("DELETE FROM email_change WHERE user_id = ? OR expires < ?", user_id, now)
    transaction.execute(
        "INSERT INTO email_change VALUES (?, ?, ?, ?)", token_hash(token), user_id, email, now + lifetime
    )


def email_change(handle: Handle, token: str, now: float) -> tuple[int, str] | None:
    """(user id, new address) of a link that may still be used."""
    row = handle.row(
        "SELECT user_id, email FROM email_change WHERE token_hash = ? AND expires >= ?",
        token_hash(token),
        int(now),
    )
    return (row[0], row[1]) if row else None


def drop_email_changes_of(transaction: Transaction, user_id: int) -> None:
    transaction.execute("DELETE FROM email_change WHERE user_id = ?", user_id)
