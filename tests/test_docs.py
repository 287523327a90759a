"""The documents name everything that there is: routes, metrics, queues, commands, types of events."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.base.config import Config
from appliance.cli.main import make_parser
from appliance.http import routes
from appliance.http.endpoint import ENDPOINTS
from appliance.runtime import Runtime

ROOT = Path(__file__).parent.parent
API, ADMIN = ((ROOT / "docs" / name).read_text() for name in ("api.md", "admin.md"))
assert routes  # imported: it declares the endpoints


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """Built but not started."""
    folder = tmp_path_factory.mktemp("data")
    environ = {"APPLIANCE_DATA": str(folder), "APPLIANCE_SERVER_LISTEN": "127.0.0.1:0"}
    return Runtime(Config.load(None, environ, {}))


def _as_documented(path: str) -> str:
    return re.sub(r"<(\w+)[^>]*>", r"{\1}", path)


@pytest.mark.parametrize("route", [f"{each.method} {_as_documented(each.path)}" for each in ENDPOINTS])
def test_api_names_the_route(route: str) -> None:
    assert f"`{route}`" in API


def test_api_names_no_other_route() -> None:
    served = {f"{each.method} {_as_documented(each.path)}" for each in ENDPOINTS}
    assert set(re.findall(r"`((?:GET|POST|PATCH|DELETE) /[^`]*)`", API)) <= served


def test_admin_names_every_metric(runtime: Runtime) -> None:
    missing = [name for name in runtime.metrics.names if f"`{name}" not in ADMIN]
    assert not missing


def test_admin_names_every_queue(runtime: Runtime) -> None:
    assert [queue for queue in runtime.queues_of_jobs if f"`{queue}`" not in ADMIN] == []


def test_admin_names_every_command() -> None:
    missing = [
        command for command in _commands(make_parser()) if not re.search(rf"`(appliance )?{command}\b", ADMIN)
    ]
    assert missing == []


def _commands(parser: argparse.ArgumentParser, prefix: str = "") -> Iterator[str]:
    nested = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    if not nested:
        yield prefix.strip()
    for each in nested:
        for name, child in each.choices.items():
            yield from _commands(child, f"{prefix} {name}")


def _event_types() -> set[str]:
    """Every value of a key "type" in a dict that has more keys, in the actions and the events package."""
    found = set()
    for path in [*(ROOT / "appliance/actions").glob("*.py"), ROOT / "appliance/runtime.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Dict):
                found |= {
                    value.value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant)
                    and key.value == "type"
                    and isinstance(value, ast.Constant)
                }
    return found - {"private", "cleanup_queues"}  # a kind of message; a notice that no client sees


def test_api_names_every_type_of_event() -> None:
    types = _event_types()
    assert {"message", "stream", "restart"} <= types
    assert sorted(each for each in types if f"`{each}`" not in API) == []
