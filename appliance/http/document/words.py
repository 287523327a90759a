"""What the documents call an endpoint, and what they say of it."""

import inspect
import re
import sys

from appliance.http.endpoint import PREFIX, Endpoint


def route(endpoint: Endpoint) -> str:
    """`GET /users/{user_id}`; with its prefix, unless that is the usual one."""
    prefix = "" if endpoint.prefix == PREFIX else endpoint.prefix
    return f"{endpoint.method} {prefix}{path(endpoint)}"


def path(endpoint: Endpoint) -> str:
    return re.sub(r"<(\w+)[^>]*>", r"{\1}", endpoint.path)


def summary(endpoint: Endpoint) -> str:
    return _paragraph(endpoint.function.__doc__)


def group(endpoint: Endpoint) -> str:
    """What it belongs to: "Channels and subscriptions"."""
    return _paragraph(sys.modules[endpoint.function.__module__].__doc__).partition(".")[0]


def _paragraph(documentation: str | None) -> str:
    return " ".join(inspect.cleandoc(documentation or "").partition("\n\n")[0].split())
