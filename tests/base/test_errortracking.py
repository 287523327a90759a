"""What Sentry is told, by a server of our own in its place."""

import gzip
import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from appliance.base import errortracking
from appliance.base.config import Config
from appliance.base.errors import CommandError
from appliance.base.errortracking import SentryHandler
from tests.conftest import until

KEY = "Zz0Zz0Zz0Zz0Zz0Zz0Zz0Zz0Zz0Zz0Zz"  # as long as an API key
log = logging.getLogger("appliance.jobs.pool")


class Ingest(ThreadingHTTPServer):
    """Keeps the events that it gets, and all bytes of their envelopes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receive)
        self.events: list[dict[str, Any]] = []
        self.text = ""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def dsn(self) -> str:
        return f"http://public@127.0.0.1:{self.server_port}/1"

    def receive(self, envelope: bytes) -> None:
        self.text += envelope.decode()
        _, *items = envelope.splitlines()
        for heading, item in zip(items[::2], items[1::2], strict=True):
            assert json.loads(heading)["type"] == "event"
            self.events.append(json.loads(item))


class _Receive(BaseHTTPRequestHandler):
    server: Ingest

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.receive(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def ingest() -> Iterator[Ingest]:
    server = Ingest()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sentry(ingest: Ingest) -> Iterator[SentryHandler]:
    handler = SentryHandler(ingest.dsn, ["hunter2", ""])
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    handler.close()


def told(ingest: Ingest, number: int = 1) -> list[dict[str, Any]]:
    until(lambda: len(ingest.events) >= number)
    return ingest.events


def fail(password: str) -> None:
    raise ValueError(f"login of hamlet@chat.test with {password} and {KEY} refused")


def log_failure(extra: dict[str, Any] | None = None) -> None:
    try:
        fail("hunter2")
    except ValueError:
        log.exception("%s: job %d failed", "email_senders", 7, extra=extra)


def test_an_error_carries_its_queue_and_its_jobs(
    sentry: SentryHandler, ingest: Ingest
) -> None:  # checklist 53
    log_failure({"queue": "email_senders", "jobs": [7, 8]})
    [event] = told(ingest)
    assert event["tags"] == {"queue": "email_senders", "jobs": "7,8"}
    assert (event["level"], event["logger"]) == ("error", "appliance.jobs.pool")
    assert event["logentry"]["formatted"] == "email_senders: job 7 failed"
    [exception] = event["exception"]["values"]
    assert exception["type"] == "ValueError"
    assert [frame["function"] for frame in exception["stacktrace"]["frames"]] == ["log_failure", "fail"]
    assert "fingerprint" not in event


def test_timeouts_are_grouped_by_themselves(sentry: SentryHandler, ingest: Ingest) -> None:  # checklist 53
    log.error("Timed out in %s after 30 seconds", "thumbnail", extra={"grouping": ("timeout", "thumbnail")})
    [event] = told(ingest)
    assert event["fingerprint"] == ["timeout", "thumbnail"]
    assert "exception" not in event


def test_neither_secrets_nor_people_are_told_of(
    sentry: SentryHandler, ingest: Ingest
) -> None:  # checklist 53
    log_failure()
    log.error("key %s of <hamlet@chat.test> is not hunter2", KEY)
    first, second = told(ingest, 2)
    assert first["exception"]["values"][0]["value"] == "login of ******** with ******** and ******** refused"
    assert second["logentry"]["formatted"] == "key ******** of <********> is not ********"
    assert not any(each in ingest.text for each in ("hunter2", "hamlet", KEY, '"vars"', '"context_line"'))


def test_only_errors_are_told(sentry: SentryHandler, ingest: Ingest) -> None:
    log.warning("a warning")
    logging.getLogger("urllib3.connectionpool").error("of the sender itself")
    log.critical("the end")
    [event] = told(ingest)
    assert (event["level"], event["logentry"]["formatted"]) == ("fatal", "the end")


def test_what_is_left_is_sent_at_the_end(sentry: SentryHandler, ingest: Ingest) -> None:
    log.error("the last words")
    sentry.close()
    assert len(ingest.events) == 1


def test_a_sentry_that_is_away_stops_nobody() -> None:
    handler = SentryHandler("http://public@127.0.0.1:9/1", [])
    for _ in range(1000):
        handler.handle(logging.makeLogRecord({"msg": "x", "levelno": logging.ERROR, "name": "appliance"}))
    handler.close()


def test_it_is_off_unless_it_is_switched_on(ingest: Ingest) -> None:  # checklist 53
    before = list(logging.getLogger().handlers)
    errortracking.start(Config.load(None, {}))
    assert logging.getLogger().handlers == before


def test_it_is_switched_on_by_the_configuration(ingest: Ingest) -> None:  # checklist 53
    before = list(logging.getLogger().handlers)
    environ = {"APPLIANCE_LOG_SENTRY_DSN": ingest.dsn, "APPLIANCE_MAIL_PASSWORD": "swordfish"}
    errortracking.start(Config.load(None, environ))
    [handler] = [each for each in logging.getLogger().handlers if each not in before]
    log.error("the password is swordfish")
    logging.getLogger().removeHandler(handler)
    handler.close()
    assert told(ingest)[0]["logentry"]["formatted"] == "the password is ********"


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(CommandError, match=r"pip install 'appliance\[sentry\]'"):
        SentryHandler("https://public@sentry.example.org/1", [])
