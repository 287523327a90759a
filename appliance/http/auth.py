"""Who is calling: HTTP Basic authentication with address and API key, or a password."""

from base64 import b64decode
from typing import Any

from appliance.actions.realm import closing
from appliance.actions.user import account
from appliance.base.errors import ApiError, Unauthorized
from appliance.http.services import Services
from appliance.model.bot import INCOMING_WEBHOOK
from appliance.model.credential import same
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.store import Store

NO_HEADER = "Not logged in: API authentication or user session required"
KEY_LENGTH = 32
OPEN_TO_WEBHOOKS = frozenset({"/api/v1/messages"})  # their keys stand in addresses that others are given


def authenticate(store: Store, environ: dict[str, Any]) -> User:
    """Raises Unauthorized with Zulip's texts, ApiError for another scheme."""
    header = environ.get("HTTP_AUTHORIZATION")
    if not header:
        raise Unauthorized(NO_HEADER)
    email, key = _credentials(header)
    with store.read() as reader:
        user, closed = users.with_email(reader, email), realms.is_deactivated(reader)
    if not same(key, user.api_key if user else "-" * KEY_LENGTH) or user is None:
        raise Unauthorized("Invalid API key")
    if not user.is_active:
        raise Unauthorized("Account is deactivated")
    if closed:
        raise closing.RealmDeactivated
    if user.bot_type == INCOMING_WEBHOOK and environ.get("PATH_INFO") not in OPEN_TO_WEBHOOKS:
        raise Unauthorized("This API is not available to incoming webhook bots.")
    return user


def log_in(services: Services, email: str, password: str) -> User:
    """With a password. Raises AuthenticationFailed, UserDeactivated, RealmDeactivated; RateLimited after too
    many failures."""
    name = email.strip().lower()
    services.logins.spend(name)
    user = account.log_in(services.store, email, password)
    services.logins.forgive(name)
    with services.store.read() as reader:
        closing.check_open(reader)
    return user


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise ApiError("This endpoint requires HTTP basic authentication.")
    try:
        email, separator, key = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        raise Unauthorized("Invalid authorization header for basic auth") from None
    if not separator:
        raise Unauthorized("Invalid authorization header for basic auth")
    if len(key) != KEY_LENGTH or not key.isalnum():
        raise Unauthorized("Malformed API key")
    return email, key
