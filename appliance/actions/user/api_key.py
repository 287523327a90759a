"""Keys by which programs of a person, or a bot, call the server."""

from appliance.actions.bot import owner as bot_owner
from appliance.actions.personal import device
from appliance.actions.user import session
from appliance.model import credential
from appliance.model.user import User
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def reset(store: Store, user: User, token: str = "") -> str:
    """The new key; the old one and all sessions (but the one with this `token`) end at once."""
    api_key = credential.new_api_key()

    def write(transaction: Transaction) -> None:
        users.set_api_key(transaction, user.id, api_key)
        session.end_all(transaction, user.id, token)
        device.clear(transaction, user.id)
        bot_owner.tell(transaction, user, "update", {"user_id": user.id, "api_key": api_key})
        transaction.notice({"type": "cleanup_queue"}, [user.id])

    store.write(write)
    return api_key


def zuliprc(user: User, site: str) -> str:
    """The file that Zulip's clients and bots read; `site` as they reach the server."""
    return f"[api]\nemail={user.delivery_email}\nkey={user.api_key}\nsite={site}\n"
