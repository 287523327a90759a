"""The organization's icon and logos."""

import bottle

from appliance.actions.realm import organization as realm_actions
from appliance.actions.realm import picture as actions
from appliance.http.endpoint import Answer, Call, delete, get, upload
from appliance.http.uploads import received
from appliance.model import realm_picture as model
from appliance.model.parameter import Boolean, boolean
from appliance.model.realm_picture import ICON, LOGO, NIGHT_LOGO, Place

ADMINS = "administrators"


@upload("/realm/icon", who=ADMINS, tells="realm/update_dict", differs="not described there")
def put_icon(call: Call) -> Answer:
    """The picture of the organization; what is not square is cut."""
    services = call.services
    with received(call.environ, services.store.uploads, model.MAX_MIB) as (file, _):
        return {"icon_url": actions.put(services.store, call.user, ICON, file, services.public_url)}


@delete("/realm/icon", who=ADMINS, tells="realm/update_dict", differs="not described there")
def drop_icon(call: Call) -> Answer:
    """The usual icon instead."""
    services = call.services
    return {"icon_url": actions.drop(services.store, call.user, ICON, services.public_url)}


@get("/realm/icon", differs="not described there")
def icon(call: Call) -> Answer:
    """Leads to the icon."""
    return _go(call, ICON)


@upload("/realm/logo", reads=("night",), who=ADMINS, tells="realm/update_dict", differs="not described there")
def put_logo(call: Call) -> Answer:
    """A wide picture of the organization's name; `night`: for dark screens."""
    services = call.services
    with received(call.environ, services.store.uploads, model.MAX_MIB) as (file, fields):
        given = call.parameters | fields
        place = _logo(boolean("night", given.get("night", "false")))
        actions.put(services.store, call.user, place, file, services.public_url)
    return {}


@delete("/realm/logo", who=ADMINS, tells="realm/update_dict", differs="not described there")
def drop_logo(call: Call, *, night: Boolean = False) -> Answer:
    """No logo."""
    actions.drop(call.services.store, call.user, _logo(night), call.services.public_url)
    return {}


@get("/realm/logo", differs="not described there")
def logo(call: Call, *, night: Boolean = False) -> Answer:
    """Leads to the logo; `night`: to the one for dark screens."""
    return _go(call, _logo(night))


def _logo(night: bool) -> Place:
    return NIGHT_LOGO if night else LOGO


def _go(call: Call, place: Place) -> bytes:
    settings = realm_actions.get(call.services.store).settings
    shown = model.fields(settings, place, call.services.public_url)
    bottle.response.status = 302
    bottle.response.set_header("Location", shown[f"{place.name}_url"])
    return b""
