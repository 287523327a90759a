"""What `appliance doctor` asks a running server about hosts of the outside."""

import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.cli import doctor
from appliance.outside.breaker import FAILURES, Breakers, Unreachable
from appliance.store.ownership import Ownership
from tests.conftest import MovableClock


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.load(None, {"APPLIANCE_DATA": str(tmp_path)})


@pytest.fixture
def metrics(tmp_path: Path) -> Iterator[Metrics]:
    """Those of a server of that folder."""
    of_server = Metrics()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(of_server.text().encode())

    ownership = Ownership(tmp_path)
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ownership.announce(f"127.0.0.1:{server.server_port}")
        yield of_server
        server.shutdown()
    ownership.release()


# checklist 59
def test_a_host_that_is_left_alone_is_a_warning(
    config: Config, metrics: Metrics, clock: MovableClock
) -> None:
    breakers = Breakers(clock, metrics)
    for host in ("mail.example.org:25", "other:443"):
        breakers.of(host)
    assert doctor._outside(config).level == "ok"
    for _ in range(FAILURES):
        with pytest.raises(Unreachable), breakers.of("mail.example.org:25").call():
            raise Unreachable("down")
    finding = doctor._outside(config)
    assert finding.level == "warning"
    assert finding.text.startswith("mail.example.org:25 failed again and again")
    assert "other" not in finding.text


def test_without_a_server_nobody_is_left_alone(config: Config) -> None:
    assert doctor._outside(config).level == "ok"


def test_a_server_that_does_not_answer(config: Config, tmp_path: Path) -> None:
    ownership = Ownership(tmp_path)
    with closing(HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler).socket) as closed:
        ownership.announce(f"127.0.0.1:{closed.getsockname()[1]}")
    finding = doctor._outside(config)
    assert (finding.level, "does not tell its metrics" in finding.text) == ("warning", True)
    ownership.release()
