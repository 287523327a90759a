"""Browsers and addresses of people's own: adding them, seeing them, taking them away."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import until
from tests.outside.web_push_service import Browser
from tests.process.client import Person, request
from tests.process.server import NAMES, ServerProcess, populate

BROWSERS, ADDRESSES = "/appliance/web_push", "/appliance/ntfy"


@pytest.fixture
def browser() -> Browser:
    return Browser("https://push.example.org/a-secret-endpoint")


def devices(server: ServerProcess) -> list[tuple[Any, ...]]:
    """(user_id, kind, token, keys) as they are in the file."""
    with sqlite3.connect(server.data / "appliance.db") as connection:
        return connection.execute("SELECT user_id, kind, token, keys FROM device ORDER BY id").fetchall()


@pytest.fixture(autouse=True)
def _no_devices(server: ServerProcess) -> None:
    """Of other tests with this server."""
    for person in server.people(*NAMES):
        for each in person.ask("GET", "/appliance/devices")["devices"]:
            person.ask("DELETE", f"/appliance/devices/{each['id']}")


def test_the_key_is_the_same_for_everybody_and_for_good(
    server: ServerProcess, hamlet: Person, cordelia: Person
) -> None:
    key = hamlet.ask("GET", BROWSERS)["application_server_key"]
    assert len(key) == 87
    assert cordelia.ask("GET", BROWSERS)["application_server_key"] == key
    assert (server.data / "vapid.pem").stat().st_mode & 0o777 == 0o600


def test_a_browser_subscribes_and_unsubscribes(
    server: ServerProcess, hamlet: Person, browser: Browser
) -> None:
    hamlet.ask("POST", BROWSERS, **browser.subscription)
    assert devices(server) == [
        (hamlet.user_id, "web", browser.endpoint, json.dumps(browser.keys, separators=(",", ":")))
    ]
    hamlet.ask("DELETE", BROWSERS, endpoint=browser.endpoint)
    assert devices(server) == []
    assert hamlet.call("DELETE", BROWSERS, endpoint=browser.endpoint).is_error(400, "BAD_REQUEST")


def test_subscribing_again_only_changes_the_keys(
    server: ServerProcess, hamlet: Person, browser: Browser
) -> None:
    first = hamlet.ask("POST", BROWSERS, **browser.subscription)["device_id"]
    again = Browser(browser.endpoint)
    assert hamlet.ask("POST", BROWSERS, **again.subscription)["device_id"] == first
    assert [json.loads(each[3]) for each in devices(server)] == [again.keys]


INVALID: list[dict[str, str]] = [
    {"endpoint": "http://push.example.org/1"},
    {"endpoint": "https://127.0.0.1/1"},
    {"endpoint": "https://[::ffff:10.0.0.1]/1"},
    {"endpoint": "https://user:password@push.example.org/1"},
    {"endpoint": "https://push.example.org/" + "x" * 3000},
    {"endpoint": "https://push.example.org/\nx"},
    {"endpoint": "\x00"},
    {"endpoint": ""},
    {"p256dh": ""},
    {"p256dh": "BAAA"},
    {"p256dh": "\x00"},
    {"p256dh": "B" + "A" * 86},
    {"auth": ""},
    {"auth": "AAAA"},
    {"auth": "A" * 10_000},
]


@pytest.mark.parametrize("wrong", INVALID)
def test_what_is_no_subscription(
    server: ServerProcess, hamlet: Person, browser: Browser, wrong: dict[str, str]
) -> None:
    answer = hamlet.call("POST", BROWSERS, **browser.subscription | wrong)
    assert answer.is_error(400, "BAD_REQUEST")
    assert answer.body["msg"].startswith(f"Invalid {next(iter(wrong))}")
    assert devices(server) == []


@pytest.mark.parametrize("missing", ["endpoint", "p256dh", "auth"])
def test_what_is_missing(hamlet: Person, browser: Browser, missing: str) -> None:
    given = {name: value for name, value in browser.subscription.items() if name != missing}
    assert hamlet.call("POST", BROWSERS, **given).is_error(400, "REQUEST_VARIABLE_MISSING")


def test_the_subscription_of_somebody_else_is_out_of_reach(
    server: ServerProcess, hamlet: Person, cordelia: Person, browser: Browser
) -> None:
    hamlet.ask("POST", BROWSERS, **browser.subscription)
    taken = cordelia.call("DELETE", BROWSERS, endpoint=browser.endpoint)
    never = cordelia.call("DELETE", BROWSERS, endpoint=browser.endpoint + "x")
    assert taken.body == never.body
    assert len(devices(server)) == 1


def test_two_people_of_one_browser_know_nothing_of_each_other(
    server: ServerProcess, hamlet: Person, cordelia: Person, browser: Browser
) -> None:
    for person in (hamlet, cordelia):
        person.ask("POST", BROWSERS, **browser.subscription)
    cordelia.ask("DELETE", BROWSERS, endpoint=browser.endpoint)
    assert [each[0] for each in devices(server)] == [hamlet.user_id]


@pytest.mark.parametrize(
    ("method", "path"), [(m, p) for m in ("GET", "POST", "DELETE") for p in (BROWSERS, ADDRESSES)]
)
def test_without_a_key_of_the_api(server: ServerProcess, method: str, path: str) -> None:
    assert request(server.port, method, f"/api/v1{path}").status == 401


def test_bots_have_no_browsers(hamlet: Person, browser: Browser) -> None:
    bot = hamlet.ask("POST", "/bots", full_name="Pushed", short_name="pushed")
    (email,) = [
        each["email"] for each in hamlet.ask("GET", "/bots")["bots"] if each["user_id"] == bot["user_id"]
    ]
    pushed = Person(hamlet.port, bot["user_id"], email, bot["api_key"])
    for answer in (
        pushed.call("POST", BROWSERS, **browser.subscription),
        pushed.call("POST", ADDRESSES, url="https://ntfy.example.org/x"),
    ):
        assert answer.is_error(400, "BAD_REQUEST")
        assert answer.body["msg"] == "This endpoint does not accept bot requests."


# -- addresses of people's own


def test_an_address_is_added_shown_without_its_secret_and_taken_away(hamlet: Person) -> None:
    added = hamlet.ask("POST", ADDRESSES, url="https://ntfy.example.org:8443/secret-topic")
    (shown,) = hamlet.ask("GET", ADDRESSES)["addresses"]
    assert shown == {
        "device_id": added["device_id"],
        "form": "ntfy",
        "url": "https://ntfy.example.org:8443/…ic",
        "encrypted": False,
        "error": None,
    }
    hamlet.ask("DELETE", ADDRESSES, url="https://ntfy.example.org:8443/secret-topic")
    assert hamlet.ask("GET", ADDRESSES)["addresses"] == []


def test_a_unifiedpush_app_with_its_keys(server: ServerProcess, hamlet: Person, browser: Browser) -> None:
    hamlet.ask("POST", ADDRESSES, url=browser.endpoint, form="unifiedpush", **browser.keys)
    (shown,) = hamlet.ask("GET", ADDRESSES)["addresses"]
    assert (shown["form"], shown["encrypted"]) == ("unifiedpush", True)
    assert json.loads(devices(server)[0][3]) == {"form": "unifiedpush", **browser.keys}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "http://127.0.0.1:8080/x"}, "Invalid url: it leads into a private network"),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "private network"),
        ({"url": "http://2130706433/"}, "neither a name nor an IP address"),
        ({"url": "ftp://ntfy.example.org/x"}, "must be http"),
        ({"url": "https://me:secret@ntfy.example.org/x"}, "without a user name"),
        ({"url": "http://ntfy.example.org:25/x"}, "port 25"),
        ({"form": "gotify"}, "Invalid form"),
        ({"p256dh": "BAAA"}, "come together"),
        ({"form": "unifiedpush", "auth": "AAAA"}, "come together"),
        ({"form": "unifiedpush", "p256dh": "BAAA", "auth": "AAAA"}, "Invalid p256dh"),
    ],
)
def test_what_is_no_address(server: ServerProcess, hamlet: Person, wrong: dict[str, str], said: str) -> None:
    answer = hamlet.call("POST", ADDRESSES, **{"url": "https://ntfy.example.org/x", **wrong})
    assert answer.is_error(400, "BAD_REQUEST")
    assert said in answer.body["msg"]
    assert "secret" not in answer.body["msg"]
    assert devices(server) == []


def test_the_addresses_of_somebody_else_are_out_of_sight(
    server: ServerProcess, hamlet: Person, cordelia: Person
) -> None:
    url = "https://ntfy.example.org/secret-topic"
    hamlet.ask("POST", ADDRESSES, url=url)
    assert cordelia.ask("GET", ADDRESSES)["addresses"] == []
    taken, never = (cordelia.call("DELETE", ADDRESSES, url=each) for each in (url, url + "x"))
    assert taken.body == never.body
    assert len(devices(server)) == 1


def test_secrets_are_not_logged(server: ServerProcess, hamlet: Person, browser: Browser) -> None:
    hamlet.ask("POST", BROWSERS, **browser.subscription)
    hamlet.ask("POST", ADDRESSES, url="https://ntfy.example.org/secret-topic")
    for secret in ("secret-endpoint", "secret-topic", *browser.keys.values()):
        assert secret not in server.log


# -- servers on which something is different


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Any]:
    """Starts a server with these settings; somebody on it."""
    running: list[ServerProcess] = []

    def start(**settings: str) -> Person:
        folder = tmp_path / "data"
        users = populate(folder)
        (folder / "vapid.pem").write_text(settings.pop("vapid", "")) if "vapid" in settings else None
        environ = {f"APPLIANCE_{name}": value for name, value in settings.items()}
        running.append(ServerProcess(folder, users, environ=environ).start())
        return running[-1].people("hamlet")[0]

    yield start
    for each in running:
        each.end()


def test_switched_off(started: Any, browser: Browser) -> None:
    hamlet = started(PUSH_WEB="false", PUSH_NTFY="false")
    for answer in (
        hamlet.call("GET", BROWSERS),
        hamlet.call("POST", BROWSERS, **browser.subscription),
        hamlet.call("POST", ADDRESSES, url="https://ntfy.example.org/x"),
    ):
        assert answer.is_error(503, "PUSH_ROAD_CLOSED")
    assert hamlet.ask("GET", ADDRESSES)["addresses"] == []


def test_a_broken_key_file_closes_this_road_alone(started: Any) -> None:
    hamlet = started(vapid="broken")
    assert hamlet.call("GET", BROWSERS).is_error(503, "PUSH_ROAD_CLOSED")
    hamlet.ask("POST", ADDRESSES, url="https://ntfy.example.org/x")


def test_hosts_that_the_administrator_has_opened(started: Any) -> None:
    hamlet = started(OUTSIDE_PRIVATE_HOSTS="192.168.1.7:8080 ntfy.home.lan")
    hamlet.ask("POST", ADDRESSES, url="http://192.168.1.7:8080/x")
    assert hamlet.call("POST", ADDRESSES, url="http://192.168.1.8:8080/x").status == 400
    assert until(lambda: len(hamlet.ask("GET", ADDRESSES)["addresses"]) == 1)
