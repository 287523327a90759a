"""SQL of what people say of themselves."""

from appliance.model.user_status import Status
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

_SELECT = "SELECT user_id, text, emoji_name, emoji_code, reaction_type FROM user_status"


def get(handle: Handle, user_id: int) -> Status:
    row = handle.row(f"{_SELECT} WHERE user_id = ?", user_id)
    return Status(*row[1:]) if row else Status()


def everything(handle: Handle) -> dict[int, Status]:
    """By user id, of those who have one."""
    return {user_id: Status(*fields) for user_id, *fields in handle.rows(_SELECT)}


def put(transaction: Transaction, user_id: int, status: Status) -> None:
    """An empty one is not kept."""
    transaction.execute("DELETE FROM user_status WHERE user_id = ?", user_id)
    if status != Status():
        transaction.execute("INSERT INTO user_status VALUES (?, ?, ?, ?, ?)", user_id, *status)
