"""Pages of other origins: none may use the API, unless the administrator says so."""

from typing import Any

import pytest

from appliance.base.config import Config
from appliance.base.errors import ConfigError
from appliance.base.options import CORS_ORIGINS
from appliance.model.user import User
from tests.http.conftest import Client, send_poll
from tests.http.site import Site
from tests.process.client import Person

DASHBOARD = "https://dash.example.org"
SETTINGS = "/api/v1/server_settings"


def cors_headers(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("Access-Control-")}


def origin(value: str) -> dict[str, Any]:
    return {"headers": f"Origin: {value}\r\n"}


@pytest.fixture
def allowed() -> tuple[str, ...]:
    return (DASHBOARD,)


@pytest.fixture
def settings(allowed: tuple[str, ...]) -> dict[Any, Any]:
    return {CORS_ORIGINS: allowed}


@pytest.fixture
def page(site: Site) -> Client:
    return Client(site.runtime.port)


def test_nobody_may_by_default(client: Client) -> None:
    answer = client.get(SETTINGS, **origin(DASHBOARD))
    assert (answer.status, cors_headers(answer.headers)) == (200, {})
    client.send("OPTIONS /api/v1/messages", **origin(DASHBOARD))
    answer = client.read()
    assert (answer.status, cors_headers(answer.headers)) == (204, {})


def test_a_page_of_that_origin_may(page: Client) -> None:
    answer = page.get(SETTINGS, **origin(DASHBOARD))
    assert answer.headers["Access-Control-Allow-Origin"] == DASHBOARD
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "other", ["https://evil.example.org", "http://dash.example.org", "https://dash.example.org.evil", "null"]
)
def test_others_may_not(page: Client, other: str) -> None:
    assert cors_headers(page.get(SETTINGS, **origin(other)).headers) == {}


def test_who_is_no_page_hears_nothing_of_it(page: Client) -> None:
    assert cors_headers(page.get(SETTINGS).headers) == {}


@pytest.mark.parametrize("path", ["/login", "/health", "/static/pages.css"])
def test_only_the_api(page: Client, path: str) -> None:
    assert cors_headers(page.get(path, **origin(DASHBOARD)).headers) == {}


def test_what_a_browser_asks_beforehand(page: Client) -> None:
    asked = f"Origin: {DASHBOARD}\r\nAccess-Control-Request-Method: PATCH\r\n"
    page.send("OPTIONS /api/v1/settings", headers=asked)
    answer = page.read()
    assert (answer.status, answer.body) == (204, b"")
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_refusals_can_be_read(page: Client) -> None:
    answer = page.get("/api/v1/messages", **origin(DASHBOARD))
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, DASHBOARD)


def test_polls_too(page: Client, site: Site, ann: User) -> None:
    """The second one on a connection is not parsed."""
    person = Person(site.runtime.port, ann.id, ann.email, ann.api_key)
    poller = person.register(event_types=["message"])
    for _ in range(2):
        person.send(person, "hello")
        send_poll(page, person, poller.queue_id, headers=f"Origin: {DASHBOARD}\r\n")
        answer = page.read()
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, DASHBOARD)


@pytest.mark.parametrize("allowed", [("*",)])
def test_all_may_where_that_is_wanted(page: Client) -> None:
    assert page.get(SETTINGS, **origin("https://any")).headers["Access-Control-Allow-Origin"] == "https://any"


def test_the_option() -> None:
    environ = {"APPLIANCE_SERVER_CORS_ORIGINS": "https://Dash.example.org/, http://127.0.0.1:8000"}
    found = Config.load(None, environ, {}).get(CORS_ORIGINS)
    assert found == ("https://dash.example.org", "http://127.0.0.1:8000")


@pytest.mark.parametrize("wrong", ["dash.example.org", "https://dash.example.org/page"])
def test_wrong_origins(wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"server\.cors_origins.*must be http"):
        Config.load(None, {"APPLIANCE_SERVER_CORS_ORIGINS": wrong}, {})
