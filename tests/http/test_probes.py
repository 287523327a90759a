"""What the server tells those who watch it, and whom."""

import json
from types import SimpleNamespace
from typing import Any, cast
from wsgiref.util import setup_testing_defaults

import bottle
import pytest

from appliance.base.metrics import Metrics
from appliance.http import probes
from appliance.http.services import Services
from appliance.jobs.health import Limits
from appliance.jobs.report import add_gauges
from appliance.jobs.statistics import QueueStatistics
from tests.conftest import MovableClock

LOCAL, REMOTE = "127.0.0.1", "192.0.2.7"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def ask(metrics: Metrics, path: str, address: str) -> tuple[str, str]:
    """The status, and the body."""
    app = bottle.Bottle()
    probes.mount(app, cast(Services, SimpleNamespace(metrics=metrics)))
    environ: dict[str, Any] = {"PATH_INFO": path, "REMOTE_ADDR": address}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    body = b"".join(app(environ, lambda status, headers, error=None: statuses.append(status)))
    return statuses[0], body.decode()


@pytest.mark.parametrize(("backlog", "level"), [(1, "OK"), (4, "WARNING"), (7, "CRITICAL")])
def test_health_is_as_bad_as_the_worst_queue(  # checklist 34, 55
    metrics: Metrics, clock: MovableClock, backlog: int, level: str
) -> None:
    slow, quick = QueueStatistics("slow", None, clock), QueueStatistics("quick", None, clock)
    slow.consumed(1, 10.0, backlog=backlog)
    add_gauges(metrics, lambda: {"slow": slow, "quick": quick}, lambda: {"slow": backlog}, Limits(), clock)
    status, body = ask(metrics, "/health", LOCAL)
    assert status == "200 OK"
    assert json.loads(body) == {"status": "ok", "jobs": level, "queues": {"slow": level, "quick": "OK"}}
    _, body = ask(metrics, "/health", REMOTE)
    assert json.loads(body) == {"status": "ok", "jobs": level}


def test_health_of_a_server_without_queues(metrics: Metrics) -> None:
    assert json.loads(ask(metrics, "/health", REMOTE)[1]) == {"status": "ok", "jobs": "OK"}


def test_metrics_are_for_this_machine(metrics: Metrics) -> None:
    assert ask(metrics, "/metrics", LOCAL)[0] == "200 OK"
    assert ask(metrics, "/metrics", REMOTE)[0] == "404 Not Found"
