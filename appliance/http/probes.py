"""For those who watch the server: is it alive, does it work, how much does it do. No authentication."""

from typing import Any

import bottle
import orjson

from appliance.http.services import Services
from appliance.jobs.health import Level
from appliance.jobs.report import LEVELS
from appliance.store import realm as realms


def mount(app: bottle.Bottle, services: Services) -> None:
    app.route("/health", "GET", lambda: _health(services))
    app.route("/ready", "GET", lambda: _ready(services))
    app.route("/metrics", "GET", lambda: _metrics(services))


def _health(services: Services) -> bytes:
    """The process answers; how its queues of background work do changes nothing about that."""
    bottle.response.content_type = "application/json"
    queues = {dict(labels)["queue"]: int(level) for labels, level in services.metrics.values(LEVELS).items()}
    facts: dict[str, Any] = {"status": "ok", "jobs": Level(max(queues.values(), default=Level.OK)).name}
    if _is_local():
        facts["queues"] = {queue: Level(level).name for queue, level in queues.items()}
    return orjson.dumps(facts)


def _ready(services: Services) -> bytes:
    """The database answers."""
    with services.store.read() as reader:
        realms.get(reader)
    bottle.response.content_type = "application/json"
    return orjson.dumps({"status": "ok"})


def _metrics(services: Services) -> bytes:
    """From this machine only: what a team does is not for strangers."""
    if not _is_local():
        raise bottle.HTTPError(404)
    bottle.response.content_type = "text/plain; version=0.0.4"
    return services.metrics.text().encode()


def _is_local() -> bool:
    return bottle.request.environ.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
