"""Exports of the organization, for administrators. The files are served by http/exports.py."""

from typing import Annotated

from appliance.actions.export import request
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model.export import Kind
from appliance.model.parameter import integer


@post("/export/realm")
def ask(call: Call, *, export_type: Annotated[int, integer] = Kind.PUBLIC) -> Answer:
    services = call.services
    return {"id": request.ask(services.store, call.user, export_type, services.public_url)}


@get("/export/realm")
def listed(call: Call) -> Answer:
    return {"exports": request.listed(call.services.store, call.user, call.services.public_url)}


@delete("/export/realm/<export_id:int>")
def drop(call: Call, *, export_id: int) -> Answer:
    request.delete(call.services.store, call.user, export_id, call.services.public_url)
    return {}


@get("/export/realm/consents")
def consents(call: Call) -> Answer:
    return {"export_consents": request.consents(call.services.store, call.user)}
