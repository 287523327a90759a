"""docs/workers.md describes every queue, policy, limit, command and metric of background work."""

import argparse
import re
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from appliance.base.metrics import Metrics
from appliance.base.options import OPTIONS
from appliance.base.values import policy_rules
from appliance.cli.main import make_parser
from appliance.jobs.health import DEFAULT_LIMIT, LIMITS, Level, Limits
from appliance.jobs.policy import Policy
from appliance.jobs.report import add_gauges
from appliance.jobs.statistics import Statistics
from appliance.workers import queues
from tests.conftest import MovableClock

TEXT = (Path(__file__).parent.parent / "docs" / "workers.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose first heading is this, without its head; code without its marks."""
    [table] = re.findall(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table.splitlines()]


def queue_table() -> list[list[str]]:
    [table] = re.findall(r"^\| queue \| what .*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_every_queue_is_described() -> None:  # checklist 66
    assert {queue for queue, *_ in queue_table()} == queues().keys()
    assert set(re.findall(r"^### `(\w+)`$", TEXT, re.MULTILINE)) == queues().keys()


@pytest.mark.parametrize("queue", queues())
def test_the_policy_of_a_queue(queue: str) -> None:  # checklist 66
    [written] = [policy for name, _, policy in queue_table() if name == queue]
    settings = policy_rules(f"{queue} {written}")[0].settings if written else {}
    assert Policy().overridden(settings) == queues()[queue].policy


def test_every_field_of_a_policy_with_its_default() -> None:  # checklist 66
    written = {name: default for name, default, _ in rows("field")}
    shown = {name: str(value).split()[0] for name, value in asdict(Policy()).items()}
    assert {name: value.removesuffix(".0") for name, value in shown.items()} == written
    assert list(written) == [each.name for each in fields(Policy)]


def test_every_limit() -> None:
    [table] = re.findall(r"^\| queue \| WARNING .*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    written = set(re.findall(r"^\| (.+) \| (\d+) \| (\d+) \|$", table, re.MULTILINE))
    limits = {(f"`{queue}`", str(warning), str(critical)) for queue, warning, critical in LIMITS}
    default = ("all others", str(DEFAULT_LIMIT.warning), str(DEFAULT_LIMIT.critical))
    assert written == {*limits, default}


def test_every_level_with_what_it_exits_with() -> None:
    assert [(name, int(status)) for name, status, _ in rows("level")] == [(each.name, each) for each in Level]


def test_every_key_of_the_statistics() -> None:
    assert [key for key, _ in rows("key")] == [each.name for each in fields(Statistics)]


def test_every_metric(clock: MovableClock) -> None:
    metrics = Metrics()
    add_gauges(metrics, dict, dict, Limits(), clock)
    assert [name for name in metrics.names if f"`{name}{{queue}}`" not in TEXT] == []


def test_every_option() -> None:
    options = [each.name for each in OPTIONS if each.section in ("jobs", "log")]
    assert [name for name in options if not re.search(rf"\b{name}\b", TEXT)] == []


def nested(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    [found] = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    return dict(found.choices)


def test_every_command_and_its_options() -> None:
    commands = nested(nested(make_parser())["jobs"])
    assert {command.split()[2] for command, _ in rows("command")} == commands.keys()
    flags = {flag for each in commands.values() for flag in each._option_string_actions}
    assert [flag for flag in flags - {"-h", "--help", "--data", "--config"} if f"`{flag}" not in TEXT] == []
