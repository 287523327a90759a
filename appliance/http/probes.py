"""For those who watch the server: is it alive, does it work, how much does it do. No authentication."""

import bottle
import orjson

from appliance.http.services import Services
from appliance.store import realm as realms


def mount(app: bottle.Bottle, services: Services) -> None:
    app.route("/health", "GET", _health)
    app.route("/ready", "GET", lambda: _ready(services))
    app.route("/metrics", "GET", lambda: _metrics(services))


def _health() -> bytes:
    """The process answers."""
    bottle.response.content_type = "application/json"
    return orjson.dumps({"status": "ok"})


def _ready(services: Services) -> bytes:
    """The database answers."""
    with services.store.read() as reader:
        realms.get(reader)
    return _health()


def _metrics(services: Services) -> bytes:
    """From this machine only: what a team does is not for strangers."""
    if bottle.request.environ.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        raise bottle.HTTPError(404)
    bottle.response.content_type = "text/plain; version=0.0.4"
    return services.metrics.text().encode()
