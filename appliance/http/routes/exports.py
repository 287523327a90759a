"""Exports of the organization, for administrators. The files are served by http/exports.py."""

from typing import Annotated

from appliance.actions.export import request
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model.export import Kind
from appliance.model.parameter import integer


@post("/export/realm", who="admins", tells="realm_export")
def ask(call: Call, *, export_type: Annotated[int, integer] = Kind.PUBLIC) -> Answer:
    """Order the organization in one file: `export_type` 1 is what is public, 2 also what those can read
    who let it be exported. Five a week."""
    services = call.services
    return {"id": request.ask(services.store, call.user, export_type, services.public_url)}


@get("/export/realm", who="admins")
def listed(call: Call) -> Answer:
    """The exports and their addresses."""
    return {"exports": request.listed(call.services.store, call.user, call.services.public_url)}


@delete(
    "/export/realm/<export_id:int>", who="admins", tells="realm_export", differs="not described there"
)
def drop(call: Call, *, export_id: int) -> Answer:
    """Delete the file of one."""
    request.delete(call.services.store, call.user, export_id, call.services.public_url)
    return {}


@get("/export/realm/consents", who="admins")
def consents(call: Call) -> Answer:
    """Who lets it be exported."""
    return {"export_consents": request.consents(call.services.store, call.user)}
