"""What people set for themselves."""

from typing import Any

import orjson

from appliance.actions import setting as actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, patch
from appliance.model.setting import USER_SETTINGS


@patch("/settings", reads=USER_SETTINGS)
def change(call: Call) -> Answer:
    """Any of the person's settings, by its name."""
    changes = {name: _value(text) for name, text in call.parameters.items() if name in USER_SETTINGS}
    if not changes:
        raise ApiError("Please fill out all fields.")
    actions.change(call.services.store, call.user, changes)
    return {}


def _value(text: str) -> Any:
    """JSON where it is, else the text itself."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
