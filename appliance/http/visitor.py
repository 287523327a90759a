"""Who asks for a file: by the session of a browser, or by address and key."""

import bottle

from appliance.actions.user import session as sessions
from appliance.base.errors import Unauthorized
from appliance.http.auth import authenticate
from appliance.http.page import cookie
from appliance.http.services import Services
from appliance.http.whence import network
from appliance.model.user import User


def visitor(services: Services) -> User | None:
    """None: it is not known. Guesses count against the address that makes them. Raises ApiError."""
    environ = bottle.request.environ
    token = cookie(environ, services.public_url)
    user = sessions.user_of(services.store, token, services.clock.now()) if token else None
    try:
        return user or authenticate(services.store, environ)
    except Unauthorized:
        services.per_address.spend(network(environ))
        return None
