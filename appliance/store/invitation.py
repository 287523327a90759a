"""SQL of invitations. Of the token of a personal one only the hash is stored."""

import orjson

from appliance.model.credential import token_hash
from appliance.model.invitation import MINUTE, Invitation, Status, Terms
from appliance.model.user import Role
from appliance.store.connection import Handle, Row
from appliance.store.transaction import Transaction

COLUMNS = (
    "id, email, token, link_id, inviter_id, created, expires, status, invited_as, defaults, channel_ids,"
    " group_ids, notify_referrer"
)
_OPEN = f"status = {int(Status.OPEN)} AND (expires IS NULL OR expires > ?)"


def _invitation(row: Row) -> Invitation:
    number, email, token, link_id, inviter_id, created, expires, status, *rest = row
    role, defaults, channel_ids, group_ids, notify = rest
    minutes = None if expires is None else (expires - created) // MINUTE
    channels, groups = orjson.loads(channel_ids), orjson.loads(group_ids)
    terms = Terms(Role(role), minutes, channels, bool(defaults), groups, bool(notify))
    return Invitation(
        number, email, token, link_id, inviter_id, created, expires, Status(status), terms
    )


def _one(handle: Handle, where: str, binding: object) -> Invitation | None:
    row = handle.row(f"SELECT {COLUMNS} FROM invitation WHERE {where}", binding)
    return None if row is None else _invitation(row)


def with_id(handle: Handle, invitation_id: int) -> Invitation | None:
    return _one(handle, "id = ?", invitation_id)


def with_token(handle: Handle, token: str) -> Invitation | None:
    return _one(handle, "token_hash = ?", token_hash(token))


def opened(handle: Handle, now: float, inviter_id: int | None = None) -> list[Invitation]:
    """All that can be accepted, or those of one person; not what somebody asked for."""
    rows = handle.rows(
        f"SELECT {COLUMNS} FROM invitation WHERE {_OPEN} AND link_id IS NULL"
        " AND (?2 IS NULL OR inviter_id = ?2) ORDER BY id",
        int(now),
        inviter_id,
    )
    return [_invitation(row) for row in rows]


def count_sent(handle: Handle, inviter_id: int, since: float) -> int:
    """Addresses that a person has invited since."""
    count: int = handle.value(
        "SELECT count(*) FROM invitation WHERE inviter_id = ? AND created > ? AND email IS NOT NULL"
        " AND link_id IS NULL",
        inviter_id,
        int(since),
    )
    return count


def count_asked(handle: Handle, now: float) -> int:
    """What waits to be confirmed."""
    count: int = handle.value(
        f"SELECT count(*) FROM invitation WHERE {_OPEN} AND link_id IS NOT NULL", int(now)
    )
    return count


def add(
    transaction: Transaction,
    token: str,
    terms: Terms,
    *,
    email: str | None,
    inviter_id: int | None,
    link_id: int | None = None,
) -> Invitation:
    """`email` None: a link."""
    now = int(transaction.now())
    invitation_id: int = transaction.value(
        "INSERT INTO invitation(email, token_hash, token, link_id, inviter_id, invited_as, created, expires,"
        " defaults, channel_ids, group_ids, notify_referrer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        email,
        token_hash(token),
        token if email is None else None,
        link_id,
        inviter_id,
        int(terms.role),
        now,
        _end(now, terms),
        int(terms.defaults),
        orjson.dumps(terms.channel_ids).decode(),
        orjson.dumps(terms.group_ids).decode(),
        int(terms.notify_referrer),
    )
    added = with_id(transaction, invitation_id)
    assert added is not None
    return added


def _end(start: int, terms: Terms) -> int | None:
    return None if terms.minutes is None else start + terms.minutes * MINUTE


def renew(transaction: Transaction, invitation: Invitation, token: str) -> None:
    """From now on, for as long as before, with another token."""
    now = int(transaction.now())
    transaction.execute(
        "UPDATE invitation SET token_hash = ?, created = ?, expires = ? WHERE id = ?",
        token_hash(token),
        now,
        _end(now, invitation.terms),
        invitation.id,
    )


def set_status(transaction: Transaction, invitation_id: int, status: Status) -> None:
    transaction.execute("UPDATE invitation SET status = ? WHERE id = ?", int(status), invitation_id)


def revoke_of_address(transaction: Transaction, email: str) -> None:
    """All that are open."""
    transaction.execute(
        "UPDATE invitation SET status = ? WHERE email = ? AND status = ?",
        int(Status.REVOKED),
        email,
        int(Status.OPEN),
    )


def revoke_of_inviter(transaction: Transaction, inviter_id: int) -> list[Invitation]:
    """Those that were open."""
    revoked = opened(transaction, transaction.now(), inviter_id)
    transaction.execute(
        "UPDATE invitation SET status = ? WHERE inviter_id = ? AND status = ?",
        int(Status.REVOKED),
        inviter_id,
        int(Status.OPEN),
    )
    return revoked


def drop_asked(transaction: Transaction, email: str) -> None:
    """What somebody asked for with this address, and what nobody confirmed in time."""
    transaction.execute(
        "DELETE FROM invitation WHERE link_id IS NOT NULL AND (email = ? OR expires <= ?)",
        email,
        int(transaction.now()),
    )
