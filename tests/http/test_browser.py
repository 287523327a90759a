"""The API by the session of a browser: for the page of this server, and for no other."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appliance.actions.realm import closing
from appliance.actions.user import deactivation
from appliance.actions.user import session as sessions
from appliance.base.options import CORS_ORIGINS, PUBLIC_URL, REQUESTS_PER_MINUTE
from appliance.http import routes
from appliance.http.endpoint import ENDPOINTS
from appliance.http.page import COOKIE, cookie_name
from appliance.model.session import label
from appliance.model.user import User
from tests.conftest import until
from tests.http.conftest import Client
from tests.http.site import PASSWORD, Browser, Site
from tests.outside import web_push_service as push
from tests.process.client import Answer, Person, request

assert routes  # imported: it declares the endpoints

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PAGE = {"X-Requested-With": "page", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def settings() -> dict[Any, Any]:
    return {REQUESTS_PER_MINUTE: 0}


def by_session(
    site: Site, token: str, path: str = "/users/me", method: str = "GET", **headers: str
) -> Answer:
    """With these headers, and no others."""
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    given = {"Cookie": f"{cookie_name(site.runtime.public_url)}={token}", **dashed}
    return request(site.runtime.port, method, f"/api/v1{path}", headers=given)


# -- who may


def test_the_page_is_who_is_signed_in(site: Site, ann: User) -> None:
    browser = site.signed_in(ann)
    assert browser.api("GET", "/users/me").json["user_id"] == ann.id
    sent = browser.api("POST", "/messages", type="direct", to=[ann.id], content="hello")
    assert sent.json["result"] == "success"


def test_what_it_sends_was_sent_by_the_website(site: Site, ann: User, olga: User) -> None:
    """So its sender has read it."""
    browser = site.signed_in(ann)
    message_id = browser.api("POST", "/messages", type="direct", to=[olga.id], content="hello").json["id"]
    found = browser.api("GET", f"/messages/{message_id}").json["message"]
    assert (found["client"], "read" in found["flags"]) == ("website", True)


def test_a_key_goes_before_a_cookie(site: Site, ann: User, olga: User) -> None:
    """Such a request needs to be no page's."""
    person = Person(site.runtime.port, ann.id, ann.email, ann.api_key)
    answer = by_session(site, sessions.begin(site.store, olga), Authorization=person.authorization)
    assert answer.body["user_id"] == ann.id


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 403),
        ({"X_Requested_With": "page"}, 200),
        ({"X_Requested_With": "page", "Sec_Fetch_Site": "same-origin"}, 200),
        ({"X_Requested_With": "page", "Sec_Fetch_Site": "same-site"}, 403),
        ({"X_Requested_With": "page", "Sec_Fetch_Site": "cross-site"}, 403),
        ({"X_Requested_With": "page", "Origin": "http://evil.example"}, 403),
        ({"X_Requested_With": "page", "Origin": "null"}, 403),
        ({"X_Requested_With": "page", "Origin": "https://dash.example.org"}, 403),
        ({"X_Requested_With": "page", "Origin": "https://chat.example.org"}, 200),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "settings",
    [{PUBLIC_URL: "https://chat.example.org", CORS_ORIGINS: ("https://dash.example.org",)}],
    ids=[""],
)
def test_pages_of_others_are_refused(site: Site, ann: User, headers: dict[str, str], status: int) -> None:
    """Those of `cors_origins` too: they have no cookies of ours."""
    token = sessions.begin(site.store, ann)
    for method, path in (("GET", "/users/me"), ("POST", "/mark_all_as_read")):
        answer = by_session(site, token, path, method, **headers)
        assert answer.status == status
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("settings", [{CORS_ORIGINS: ("*",)}], ids=[""])
def test_no_other_page_may_send_what_makes_it_ours(site: Site) -> None:
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-requested-with",
    }
    answer = request(site.runtime.port, "OPTIONS", "/api/v1/users/me", headers=asked)
    assert "x-requested-with" not in answer.headers["Access-Control-Allow-Headers"].lower()


def _ended(site: Site, ann: User, token: str) -> None:
    sessions.end(site.store, token)


def _locked_out(site: Site, ann: User, token: str) -> None:
    deactivation.deactivate(site.store, ann)


ASKED = [each for each in ENDPOINTS if each.signed_in]


def plain(path: str) -> str:
    """Of things with the number 1."""
    return re.sub(r"<[^>]*>", "1", path)


@pytest.mark.parametrize("end", [_ended, _locked_out])
def test_an_ended_session_asks_for_nothing_any_more(
    site: Site, ann: User, end: Callable[[Site, User, str], None]
) -> None:
    token = sessions.begin(site.store, ann)
    assert by_session(site, token, **PAGE).status == 200
    end(site, ann, token)
    for each in ASKED:
        answer = by_session(site, token, plain(each.path), each.method, **PAGE)
        assert answer.is_error(401, "UNAUTHORIZED"), each


def test_where_it_is_closed_it_says_so(site: Site, olga: User) -> None:
    token = sessions.begin(site.store, olga)
    closing.deactivate(site.store, olga)
    assert by_session(site, token, **PAGE).is_error(401, "REALM_DEACTIVATED")


@pytest.mark.parametrize(("whose", "status"), [("ann", 200), ("olga", 401)])
def test_a_page_acts_for_whom_it_was_loaded(
    site: Site, ann: User, olga: User, whose: str, status: int
) -> None:
    """Though somebody else has signed in at the browser since."""
    owner = {"ann": ann, "olga": olga}[whose]
    answer = by_session(site, sessions.begin(site.store, ann), **PAGE, X_User_Id=str(owner.id))
    assert answer.status == status


def test_no_endpoint_takes_it_from_another_site(site: Site, olga: User) -> None:
    token, foreign = sessions.begin(site.store, olga), {"X-Requested-With": "page", "Origin": "null"}
    for each in ASKED:
        answer = by_session(site, token, plain(each.path), each.method, **foreign)
        assert answer.is_error(403, "UNAUTHORIZED"), each


def test_it_is_told_what_a_key_is_told(site: Site, ann: User, olga: User) -> None:
    person, token = Person(site.runtime.port, ann.id, ann.email, ann.api_key), sessions.begin(site.store, ann)
    for each in ASKED:
        if each.method == "GET" and "<" not in each.path:
            key, session = person.call("GET", each.path), by_session(site, token, each.path, **PAGE)
            assert (session.status, bool(session.body)) == (key.status, bool(key.body)), each


@pytest.mark.parametrize("settings", [{REQUESTS_PER_MINUTE: 3}], ids=[""])
def test_it_counts_as_much_as_a_key(site: Site, ann: User) -> None:
    person, token = Person(site.runtime.port, ann.id, ann.email, ann.api_key), sessions.begin(site.store, ann)
    statuses = [by_session(site, token, **PAGE).status for _ in range(2)] + [
        person.call("GET", "/users/me").status,
        by_session(site, token, **PAGE).status,
    ]
    assert statuses == [200, 200, 200, 429]


# -- polls


class Tab:
    """A page that polls, on one connection."""

    def __init__(self, site: Site, token: str) -> None:
        self._client, self._token = Client(site.runtime.port), token
        registered = by_session(site, token, "/register", "POST", **PAGE).body
        self._queue_id, self.last = registered["queue_id"], -1

    def ask(self) -> None:
        headers = {"Cookie": f"{COOKIE}={self._token}", **PAGE}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        query = f"queue_id={self._queue_id}&last_event_id={self.last}"
        self._client.send(f"GET /api/v1/events?{query}", headers=lines)

    def hear(self) -> tuple[int, list[str]]:
        """The status, and the kinds of events."""
        answer = self._client.read()
        events = json.loads(answer.body).get("events", [])
        self.last = max([self.last, *(each["id"] for each in events)])
        return answer.status, [each["type"] for each in events]

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def tab(site: Site, ann: User) -> Iterator[Tab]:
    opened = Tab(site, sessions.begin(site.store, ann))
    yield opened
    opened.close()


def waits(site: Site) -> None:
    until(lambda: "\nappliance_parked_polls 1" in site.browser().get("/metrics").text)


def test_a_page_polls(site: Site, ann: User, olga: User, tab: Tab) -> None:
    """From the second on, the polls are not parsed."""
    sender = Person(site.runtime.port, olga.id, olga.email, olga.api_key)
    for _ in range(3):
        tab.ask()
        sender.ask("POST", "/messages", type="direct", to=[ann.id], content="hello")
        status, kinds = tab.hear()
        assert (status, kinds) == (200, ["message"])


def _signs_out_elsewhere(site: Site, ann: User) -> None:
    sessions.end_others(site.store, ann, "")


def _loses_password(site: Site, ann: User) -> None:
    assert site.browser().post(site.link_to(ann), {"password": PASSWORD}).goes_home


def _is_locked_out(site: Site, ann: User) -> None:
    deactivation.deactivate(site.store, ann)


@pytest.mark.parametrize("deed", [_signs_out_elsewhere, _loses_password, _is_locked_out])
@pytest.mark.parametrize("polls", [1, 3])
def test_who_waits_hears_at_once_that_the_session_has_ended(
    site: Site, ann: User, olga: User, tab: Tab, deed: Callable[[Site, User], None], polls: int
) -> None:
    sender = Person(site.runtime.port, olga.id, olga.email, olga.api_key)
    for _ in range(polls - 1):
        tab.ask()
        sender.ask("POST", "/messages", type="direct", to=[ann.id], content="hello")
        tab.hear()
    tab.ask()
    waits(site)
    deed(site, ann)
    assert tab.hear() == (200, ["heartbeat"])
    tab.ask()
    assert tab.hear() == (401, [])


# -- sessions


def listed(browser: Browser) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.api("GET", "/appliance/sessions").json["sessions"]
    return found


def test_one_sees_where_one_is_signed_in(site: Site, ann: User) -> None:
    site.signed_in(ann)
    browser = site.browser()
    browser.post("/login", {"email": "ann@example.org", "password": PASSWORD}, User_Agent=AGENT)
    here, there = sorted(listed(browser), key=lambda each: not each["is_current"])
    assert here == {**here, "browser": "Firefox on Linux", "is_current": True}
    assert there == {**there, "browser": "", "is_current": False}
    assert here["id"] != there["id"]
    assert here["created"] <= here["last_used"]
    assert browser.token not in str(here)


def test_with_a_key_none_is_ones_own(site: Site, ann: User) -> None:
    site.signed_in(ann)
    person = Person(site.runtime.port, ann.id, ann.email, ann.api_key)
    [only] = person.ask("GET", "/appliance/sessions")["sessions"]
    assert only["is_current"] is False
    person.ask("DELETE", "/appliance/sessions")
    assert person.ask("GET", "/appliance/sessions")["sessions"] == []


def test_one_signs_out_elsewhere(site: Site, ann: User, olga: User) -> None:
    here, there, other = site.signed_in(ann), site.signed_in(ann), site.signed_in(olga)
    [away] = [each["id"] for each in listed(here) if not each["is_current"]]
    for asked, status in ((other, 400), (here, 200), (here, 400)):
        assert asked.api("DELETE", f"/appliance/sessions/{away}").status == status
    assert (here.signed_in_as, there.signed_in_as) == ("Ann Member", None)


def test_all_others_end_at_once(site: Site, ann: User, olga: User) -> None:
    here, *others = (site.signed_in(ann) for _ in range(3))
    stranger = site.signed_in(olga)
    assert here.api("DELETE", "/appliance/sessions").status == 200
    assert [each.signed_in_as for each in others] == [None, None]
    assert (here.signed_in_as, stranger.signed_in_as) == ("Ann Member", "Olga Owner")


@pytest.mark.parametrize(
    ("method", "path", "parameters"),
    [
        ("PATCH", "/settings", {"old_password": PASSWORD, "new_password": "another good secret"}),
        ("POST", "/users/me/api_key/regenerate", {}),
    ],
    ids=["password", "key"],
)
def test_a_new_password_or_key_ends_the_others(
    site: Site, ann: User, method: str, path: str, parameters: dict[str, Any]
) -> None:
    here, there = site.signed_in(ann), site.signed_in(ann)
    assert here.api(method, path, **parameters).status == 200
    assert (here.signed_in_as, there.signed_in_as) == ("Ann Member", None)


def pushed(person: Person) -> list[str]:
    found = person.ask("GET", "/appliance/devices")["devices"]
    return [f"https://{each['label']}" for each in found]


@pytest.mark.parametrize("all_others", [False, True])
def test_a_browser_that_is_signed_out_gets_no_pushes(site: Site, ann: User, all_others: bool) -> None:
    """It may be the one that was lost. Those that somebody has by their key go on."""
    person = Person(site.runtime.port, ann.id, ann.email, ann.api_key)
    here, there = site.signed_in(ann), site.signed_in(ann)
    for name, browser in (("here", here), ("there", there)):
        subscription = push.Browser(f"https://{name}.example.org").subscription
        assert browser.api("POST", "/appliance/web_push", **subscription).status == 200
    person.ask("POST", "/appliance/web_push", **push.Browser("https://key.example.org").subscription)
    [away] = [each["id"] for each in listed(here) if not each["is_current"]]
    here.api("DELETE", "/appliance/sessions" + ("" if all_others else f"/{away}"))
    assert sorted(pushed(person)) == ["https://here.example.org", "https://key.example.org"]
    assert here.post("/logout").goes_home
    assert pushed(person) == ["https://key.example.org"]


def test_who_deactivates_themselves_is_signed_out(site: Site, ann: User) -> None:
    browser = site.signed_in(ann)
    assert browser.api("DELETE", "/users/me").status == 200
    assert browser.signed_in_as is None


CHROMIUM = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (AGENT, "Firefox on Linux"),
        (CHROMIUM.format("Windows NT 10.0; Win64; x64"), "Chrome on Windows"),
        (CHROMIUM.format("Linux; Android 14; Pixel 8"), "Chrome on Android"),
        (CHROMIUM.format("Windows NT 10.0") + " Edg/126.0.0.0", "Edge on Windows"),
        (IPHONE.format("Version/17.5 Mobile/15E148 Safari/604.1"), "Safari on iPhone"),
        (IPHONE.format("CriOS/126.0 Mobile/15E148 Safari/604.1"), "Chrome on iPhone"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_what_a_browser_is_called(agent: str, name: str) -> None:
    assert label(agent) == name
