"""A forgotten password: a mail, to whoever has the address, with a link that sets another one."""

from typing import Any

from appliance.actions.realm import closing
from appliance.model import credential
from appliance.model.user import User, check_email
from appliance.notify import mail_job
from appliance.store import credential as credentials
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

QUEUE, KIND = "deferred_work", "mail_password_reset"
LIFETIME = 3600  # seconds in which the link is good


def ask(store: Store, email: str) -> None:
    """Whoever asks is not told whether there is such an account, not even by how long that takes: a worker
    looks. Raises ApiError for what is no address, RealmDeactivated."""
    event = {"type": KIND, "email": check_email(email)}

    def write(transaction: Transaction) -> None:
        closing.check_open(transaction)
        transaction.job(QUEUE, event)

    store.write(write)


def mail(store: Store, email: str, public_url: str) -> None:
    """Nothing where nobody has the address. Done again, it mails another link."""

    def write(transaction: Transaction) -> None:
        user = users.with_email(transaction, email)
        if user is None or user.is_bot or not user.is_active:
            return
        token = credential.new_token()
        credentials.add_link(transaction, token, user.id, LIFETIME)
        transaction.job(mail_job.QUEUE, _mail(user, f"{public_url}/login/{token}"))

    store.write(write)


def _mail(user: User, link: str) -> dict[str, Any]:
    return {
        "to_user_ids": [user.id],
        "template_prefix": "emails/password_reset",
        "context": {"email": user.delivery_email, "reset_url": link},
        "from_address": "TOKENIZED_NO_REPLY",
        "language": user.setting("default_language"),
    }
