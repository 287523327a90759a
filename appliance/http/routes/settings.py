"""What people set for themselves, and administrators for newcomers."""

from typing import Annotated, Any

import orjson

from appliance.actions.user import default as user_default
from appliance.actions.user import own_account
from appliance.actions.user.own_account import Wish
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, patch
from appliance.model.parameter import text
from appliance.model.setting import DEFAULTABLE, USER_SETTINGS

MaybeText = Annotated[str | None, text]


@patch(
    "/settings",
    reads=USER_SETTINGS,
    tells="user_settings/update update_display_settings update_global_notifications realm_user/update"
    " user_status",
    differs="`dense_mode`, which has no effect there, is not taken",
)
def change(
    call: Call,
    *,
    full_name: MaybeText = None,
    email: MaybeText = None,
    old_password: Annotated[str, text] = "",
    new_password: MaybeText = None,
) -> Answer:
    """Any of one's settings, by its name; one's name, address (a mail asks to confirm it) and password."""
    password = None if new_password is None else (old_password, new_password)
    wish = Wish(full_name, email, password, _settings(call))
    if wish == Wish():
        raise ApiError("Please fill out all fields.")
    name = call.user.delivery_email.lower()
    if email is not None:
        call.services.mails.spend(email.strip().lower())
    if password is not None:
        call.services.logins.spend(name)  # tries count as those of signing in
    own_account.change(call.services.store, call.user, wish, call.services.public_url, call.session_token)
    if password is not None:
        call.services.logins.forgive(name)
    return {}


@patch(
    "/realm/user_settings_defaults",
    reads=DEFAULTABLE,
    who="admins",
    tells="realm_user_settings_defaults/update",
    differs="`dense_mode`, which has no effect there, is not taken",
)
def change_defaults(call: Call) -> Answer:
    """What newcomers begin with; people who are there keep theirs."""
    changes = {name: value for name, value in _settings(call).items() if name in DEFAULTABLE}
    user_default.change(call.services.store, call.user, changes)
    return {}


def _settings(call: Call) -> dict[str, Any]:
    return {name: _value(text) for name, text in call.parameters.items() if name in USER_SETTINGS}


def _value(text: str) -> Any:
    """JSON where it is, else the text itself."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
