"""The organization."""

from typing import Annotated

from appliance.actions.realm import closing
from appliance.actions.realm import setting as actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, patch, post
from appliance.model import permission
from appliance.model.parameter import json_or_text, text
from appliance.model.realm_setting import REALM_SETTINGS

METHODS = "authentication_methods"
MaybeText = Annotated[str | None, text]


@patch(
    "/realm",
    reads=(*REALM_SETTINGS, METHODS),
    who="administrators; owners for some settings",
    tells="realm/update realm/update_dict user_group/add_members user_group/remove_members",
    differs=f"`{METHODS}` is refused: there is one, address and password",
)
def change(call: Call, *, name: MaybeText = None, description: MaybeText = None) -> Answer:
    """Change the organization: its `name`, `description`, and any of its settings by its name."""
    if METHODS in call.parameters:
        permission.check_owner(call.user)
        raise ApiError("People sign in with address and password: there is no other method to choose.")
    texts = {each: value for each, value in call.parameters.items() if each in REALM_SETTINGS}
    given = {each: json_or_text(each, value) for each, value in texts.items()}
    return actions.change(call.services.store, call.user, given, name=name, description=description)


@post("/realm/deactivate", who="owners", tells="realm/deactivated", differs="not described there")
def deactivate(call: Call) -> Answer:
    """Close the organization: nobody can sign in until `appliance realm reactivate` opens it again."""
    closing.deactivate(call.services.store, call.user)
    return {}
