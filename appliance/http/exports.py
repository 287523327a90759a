"""Files of exports, for administrators: by the session of a browser, or by address and key.

For everybody else there is nothing at these addresses.
"""

import bottle

from appliance.actions.export import request
from appliance.base.errors import ApiError
from appliance.http.endpoint import refuse
from appliance.http.services import Services
from appliance.http.visitor import visitor
from appliance.model.export import PATH


def mount(app: bottle.Bottle, services: Services) -> None:
    app.route(f"/{PATH}/<token>/<name>", "GET", lambda token, name: _serve(services, token, name))


def _serve(services: Services, token: str, name: str) -> bytes | bottle.HTTPResponse:
    """The file is sent as it is read."""
    try:
        user = visitor(services)
        path = request.find(services.store, user, token, name) if user else None
    except ApiError as error:
        return refuse(error)
    if path is None:
        raise bottle.HTTPError(404)
    answer = bottle.static_file(path.name, str(path.parent), mimetype="application/gzip", download=path.name)
    answer.set_header("Cache-Control", "no-store")
    answer.set_header("X-Content-Type-Options", "nosniff")
    return answer

