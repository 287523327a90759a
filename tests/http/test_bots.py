"""Bots over the wire."""

import json
from collections.abc import Iterator
from itertools import count

import pytest

from tests.process.client import Person
from tests.process.server import ServerProcess

OUTGOING = {"full_name": "Echo", "short_name": "echo", "bot_type": 3, "payload_url": '"https://echo.test/"'}
NUMBERS = count()  # the address of a bot that is gone stays taken


@pytest.fixture
def echo(hamlet: Person) -> Iterator[Person]:
    made = hamlet.ask("POST", "/bots", **{**OUTGOING, "short_name": f"echo{next(NUMBERS)}"})
    [bot] = [each for each in hamlet.ask("GET", "/bots")["bots"] if each["user_id"] == made["user_id"]]
    yield Person(hamlet.port, made["user_id"], bot["email"], made["api_key"])
    hamlet.call("DELETE", f"/bots/{made['user_id']}")


def test_a_bot_writes_with_its_key(hamlet: Person, echo: Person) -> None:
    assert echo.ask("GET", "/users/me")["is_bot"] is True
    assert echo.send(hamlet, "hello")


def test_its_owner_changes_it(hamlet: Person, echo: Person) -> None:
    changed = hamlet.ask("PATCH", f"/bots/{echo.user_id}", service_payload_url="https://other.test/")
    assert changed["service_payload_url"] == "https://other.test/"
    key = hamlet.ask("POST", f"/bots/{echo.user_id}/api_key/regenerate")["api_key"]
    assert hamlet.ask("GET", f"/bots/{echo.user_id}/api_key")["api_key"] == key
    assert echo.call("GET", "/users/me").status == 401


def test_others_do_not_see_it(cordelia: Person, echo: Person) -> None:
    assert echo.api_key not in json.dumps(cordelia.ask("GET", "/bots"))
    assert echo.api_key not in json.dumps(cordelia.ask("POST", "/register"))
    for method, path in (("PATCH", ""), ("DELETE", ""), ("GET", "/api_key"), ("POST", "/api_key/regenerate")):
        refused = cordelia.call(method, f"/bots/{echo.user_id}{path}")
        assert (refused.status, refused.body["msg"]) == (400, "No such bot")


@pytest.mark.parametrize("url", ["", "frob", "ftp://a.test/", "file:///etc/passwd"])
def test_an_outgoing_webhook_needs_an_address(hamlet: Person, url: str) -> None:
    refused = hamlet.call("POST", "/bots", **{**OUTGOING, "payload_url": url})
    assert refused.body["msg"] == "payload_url is not a URL"


def test_an_incoming_webhook_may_send_and_nothing_else(server: ServerProcess, hamlet: Person) -> None:
    made = hamlet.ask("POST", "/bots", full_name="Builds", short_name="builds", bot_type=2)
    bot = Person(server.port, made["user_id"], "builds-bot@127.0.0.1", made["api_key"])
    message = {"type": "stream", "to": "general", "topic": "builds", "content": "green"}
    assert bot.call("POST", "/messages", **message).status == 200
    refused = bot.call("GET", "/users")
    assert refused.is_error(401, "UNAUTHORIZED")
    assert refused.body["msg"] == "This API is not available to incoming webhook bots."
