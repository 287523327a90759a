"""For programs of the server's owner on the same machine, which know the secret of its data folder.

Not for clients: whoever comes from elsewhere, or without the secret, is refused whatever key they have.
"""

from ipaddress import ip_address
from typing import Annotated

import bottle

from appliance.base.errors import AccessDenied, ApiError, MissingParameter
from appliance.http.endpoint import Answer, Call, Guest, declare
from appliance.http.form import parameters
from appliance.http.routes.events import events
from appliance.http.services import Services
from appliance.http.whence import network
from appliance.model.credential import same
from appliance.model.parameter import Boolean, integer, natural, optional
from appliance.store import user as users

PREFIX = "/api/internal"


def own_program(services: Services, request: bottle.BaseRequest) -> Guest:
    """Not limited, so that nobody's tries keep it out; it is the others that count against their address."""
    guest = Guest(services, request.environ, {})
    if _is_local(guest.address):
        guest = Guest(services, request.environ, parameters(request))
        if same(guest.parameters.get("secret", ""), services.secret):
            return guest
    services.per_address.spend(network(request.environ))
    raise AccessDenied


def on_behalf(services: Services, request: bottle.BaseRequest) -> Call:
    """Of the person `user_profile_id`."""
    guest = own_program(services, request)
    if "user_profile_id" not in guest.parameters:
        raise MissingParameter("user_profile_id")
    user_id = integer("user_profile_id", guest.parameters["user_profile_id"])
    with services.store.read() as reader:
        user = users.with_id(reader, user_id)
    if user is None or not user.is_active:
        raise ApiError("No such user")
    return Call(services, guest.environ, guest.parameters, user)


def _is_local(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:  # what a proxy said
        return False


declare("POST", "/events/internal", on_behalf, reads=("secret", "user_profile_id"))(events)


@declare("POST", "/web_reload_clients", own_program, reads=("secret",), prefix=PREFIX)
def web_reload_clients(
    guest: Guest,
    *,
    client_count: Annotated[int | None, optional(natural)] = None,
    immediate: Boolean = False,
) -> Answer:
    """Tell the next `client_count` clients, or all that are left, to reload; `complete`: none is left."""
    sent = guest.services.reloads.send(client_count, immediate=immediate)
    return {"sent_events": sent, "complete": client_count is None or client_count != sent}


@declare("GET", "/queues", own_program, reads=("secret",), prefix=PREFIX)
def queues(guest: Guest) -> Answer:
    """All event queues as they are now."""
    found = guest.services.registry.facts()
    return {
        "queues": found,
        "count": len(found),
        "waiting": sum(each.waiting for each in found),
        "events": sum(each.events for each in found),
        "bytes": sum(each.bytes for each in found),
    }
