"""Zulip's description of its API, if it is at hand: every route is served, or absent for a reason."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from appliance.http.document.words import path, route
from appliance.http.endpoint import ENDPOINTS, PREFIX, Endpoint

ROOT = Path(__file__).parents[3]
ZULIPS = Path(os.environ.get("ZULIP_OPENAPI", ROOT.parent / "shared/reference/zulip-openapi-313.yaml"))
NOT_SERVED = re.search(r"## Not served\n(.*?)\n## ", (ROOT / "docs/api.md").read_text(), re.DOTALL)
OURS = [each for each in ENDPOINTS if each.prefix == PREFIX and (each.signed_in or each.public)]

Operations = dict[tuple[str, str], set[str]]  # by method and path: its parameters

pytestmark = pytest.mark.skipif(
    not ZULIPS.exists(), reason="Zulip's description of its API is not at hand (ZULIP_OPENAPI)"
)
our_routes = pytest.mark.parametrize("endpoint", [pytest.param(each, id=route(each)) for each in OURS])


def key(method: str, path: str) -> tuple[str, str]:
    """Names in a path do not matter."""
    return method.upper(), re.sub(r"\{[^}]*\}", "{}", path)


def own_key(endpoint: Endpoint) -> tuple[str, str]:
    return key(endpoint.method, path(endpoint))


@cache
def zulips() -> Operations:
    described = yaml.load(ZULIPS.read_text(), yaml.CSafeLoader)
    return {
        key(method, path): set(_parameters(described["components"], operation))
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def _parameters(components: Any, operation: Any) -> Iterator[str]:
    for each in operation.get("parameters", []):
        parameter = _resolved(components["parameters"], each)
        if parameter["in"] == "query":
            yield parameter["name"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for part in content["schema"].get("allOf", [content["schema"]]):
            properties = _resolved(components["schemas"], part).get("properties", {})
            yield from (name for name, each in properties.items() if each.get("format") != "binary")


def _resolved(components: Any, each: Any) -> Any:
    return components[each["$ref"].rpartition("/")[2]] if "$ref" in each else each


def absent() -> dict[tuple[str, str], str]:
    """Those that docs/api.md says are not served, and why."""
    assert NOT_SERVED is not None
    rows = re.findall(r"^\| `(\w+) (/[^`]*)` \| (.*) \|$", NOT_SERVED[1], re.MULTILINE)
    return {key(method, path): why for method, path, why in rows}


def test_every_route_is_served_or_absent_for_a_reason() -> None:
    """The others belong into a routes file, or into "Not served" of docs/api.md."""
    assert zulips().keys() - {own_key(each) for each in OURS} == absent().keys()
    assert all(absent().values())


@our_routes
def test_it_is_zulips_or_says_that_it_is_not(endpoint: Endpoint) -> None:
    assert own_key(endpoint) in zulips() or endpoint.about.differs


@our_routes
def test_every_parameter_is_taken_or_named_as_one_that_is_not(endpoint: Endpoint) -> None:
    missing = zulips().get(own_key(endpoint), set()) - endpoint.known
    assert {name for name in missing if f"`{name}`" not in endpoint.about.differs} == set()
