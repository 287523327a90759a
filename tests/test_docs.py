"""The documents name everything that there is: routes, metrics, queues, commands, types of events."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.base.config import Config
from appliance.cli.main import make_parser
from appliance.events.fanout import CLEANUP, POLL_ANEW
from appliance.model.events import KINDS
from appliance.runtime import Runtime

ROOT = Path(__file__).parent.parent
API, ADMIN = ((ROOT / "docs" / name).read_text() for name in ("api.md", "admin.md"))


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """Built but not started."""
    folder = tmp_path_factory.mktemp("data")
    environ = {"APPLIANCE_DATA": str(folder), "APPLIANCE_SERVER_LISTEN": "127.0.0.1:0"}
    return Runtime(Config.load(None, environ, {}))


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


SERVED = {kind.type for kind in KINDS.values() if kind.served}
# A kind of message, a notice for fan-out itself, kinds of jobs.
JOBS = {"remove", "register_push_device_to_bouncer", "unregister_all"}
NOT_FOR_CLIENTS = {"private", CLEANUP, POLL_ANEW, *JOBS}


def _event_types() -> set[str]:
    """Every value of a key "type", or constant in its place, in what makes notices."""
    sources = [*ROOT.glob("appliance/actions/**/*.py"), *ROOT.glob("appliance/events/*.py")]
    return {
        found
        for path in [*sources, ROOT / "appliance/runtime.py"]
        for found in _types_in(ast.parse(path.read_text()))
    }


def _types_in(tree: ast.Module) -> Iterator[str]:
    constants = {
        ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)
    }
    entries = [
        (ast.unparse(key), value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None
    ]
    for key, value in entries:
        literal = constants.get(ast.unparse(value), value)
        if key == "'type'" and isinstance(literal, ast.Constant):
            yield literal.value


def test_what_is_sent_is_described_as_served() -> None:
    assert _event_types() - NOT_FOR_CLIENTS == SERVED - {"heartbeat"}


def test_api_names_the_types_of_events_that_are_served() -> None:
    [listed] = re.findall(r"Of these types there are events so far:\n\n(.+?)\n\n", API, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", listed)) == SERVED
