"""Pages of other origins that may use the API from a browser: none, unless `server.cors_origins` names them.

Never with a browser's cookies: such a page has to know a key, as every other client.
"""

from collections.abc import Collection
from typing import Any

import bottle

from appliance.http.again import Headers

ANY = "*"
ALLOWED: Headers = [
    ("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-None-Match"),
    (
        "Access-Control-Expose-Headers",
        "ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
    ),
    ("Access-Control-Max-Age", "86400"),
]


def mount(app: bottle.Bottle, origins: Collection[str]) -> None:
    if origins:
        app.add_hook("after_request", lambda: _add(origins))


def headers(environ: dict[str, Any], origins: Collection[str]) -> Headers:
    """Of the answer to a request of a page."""
    origin = environ.get("HTTP_ORIGIN")
    if not origins or origin is None:
        return []
    allowed = ANY in origins or origin.lower() in origins
    return [("Vary", "Origin"), *([("Access-Control-Allow-Origin", origin), *ALLOWED] if allowed else [])]


def _add(origins: Collection[str]) -> None:
    environ = bottle.request.environ
    if environ.get("PATH_INFO", "").startswith("/api/"):
        for name, value in headers(environ, origins):
            bottle.response.add_header(name, value)
