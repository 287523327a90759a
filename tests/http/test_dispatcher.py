"""What runs on the socket loop, and what on a request thread."""

import threading
from typing import Any

import bottle
import pytest

from appliance.http.app import is_poll
from tests.http.conftest import Client, Serve

LOOP = b"socket loop"  # the thread's name, which `Running` gives


@pytest.fixture
def client(serve: Serve) -> Client:
    """Of an app that says on which thread it runs."""
    app = bottle.Bottle()
    app.route("/<path:path>", ["GET", "POST"], lambda path: threading.current_thread().name.encode())
    return serve(app, quick=lambda request: request.path == "/quick").client()


def test_what_is_quick_runs_on_the_loop(client: Client) -> None:
    assert client.get("/quick").body == LOOP
    assert client.get("/slow").body.startswith(b"waitress-")


def test_quick_ones_behind_others_have_their_turn(client: Client) -> None:
    client.send("GET /quick", "GET /quick", "GET /slow", "GET /quick", "GET /slow")
    names = [client.read().body for _ in range(5)]
    assert names[:2] == [LOOP, LOOP]
    assert names[2].startswith(b"waitress-")
    assert all(names)


@pytest.mark.parametrize(
    ("command", "path", "query", "body", "quick"),
    [
        ("GET", "/api/v1/events", "queue_id=a&last_event_id=-1", None, True),
        ("GET", "/api/v1/events", "last_event_id=-1&queue_id=a", None, True),
        ("GET", "/api/v1/events", "dont_block=true", None, False),  # makes a queue
        ("GET", "/api/v1/events", "not_queue_id=a&dont_block=true", None, False),
        ("GET", "/api/v1/events", "queue_id=a", object(), False),
        ("DELETE", "/api/v1/events", "queue_id=a", None, False),
        ("GET", "/api/v1/messages", "queue_id=a", None, False),
    ],
)
def test_a_poll_of_a_queue_is_quick(command: str, path: str, query: str, body: Any, quick: bool) -> None:
    request: Any = type("", (), {"command": command, "path": path, "query": query, "body_rcv": body})
    assert is_poll(request) == quick
