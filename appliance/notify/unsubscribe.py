"""Links in mails that end mails of their kind, for whoever has the link: no login, for ever, again and again.

    https://chat.example.org/accounts/unsubscribe/missed_messages/7-1f…

The key at the end names the person, and is signed with the secret of the data folder for one kind of mail:
who has one can make no other, and none for somebody else.
"""

import hmac
import re

from appliance.store.scheduled_mail import Kind

PATH = "/accounts/unsubscribe"
LENGTH = 32  # hexadecimal digits of the signature: 128 bits
_KEY = re.compile(rf"([1-9][0-9]{{0,17}})-([0-9a-f]{{{LENGTH}}})")

# What ends them: a setting that is switched off, or a kind of scheduled mail that is dropped.
KINDS: dict[str, str | Kind] = {
    "missed_messages": "enable_offline_email_notifications",
    "digest": "enable_digest_emails",
    "login": "enable_login_emails",
    "marketing": "enable_marketing_emails",
    "welcome": Kind.WELCOME,
}


def url(public_url: str, secret: str, kind: str, user_id: int) -> str:
    return f"{public_url}{PATH}/{kind}/{user_id}-{_signature(secret, kind, user_id)}"


def whose(secret: str, kind: str, key: str) -> int | None:
    """The person's id; None for a key that we never made. Takes as long for any key of the right form."""
    found = _KEY.fullmatch(key) if kind in KINDS else None
    if found is None:
        return None
    user_id = int(found[1])
    return user_id if hmac.compare_digest(found[2], _signature(secret, kind, user_id)) else None


def _signature(secret: str, kind: str, user_id: int) -> str:
    said = f"unsubscribe\n{kind}\n{user_id}"
    return hmac.digest(secret.encode(), said.encode(), "sha256").hex()[:LENGTH]
