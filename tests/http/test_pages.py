"""What holds for all pages, as browsers see them: where forms may come from, headers, escaping, failures."""

import http.client
import logging
import re
from typing import NoReturn

import pytest

from appliance.actions.user import account
from appliance.actions.user import session as sessions
from appliance.base.errors import StorageError
from appliance.base.options import PUBLIC_URL
from appliance.model.user import User
from tests.http.site import PASSWORD, Site

HOSTILE = "<i onload='x' & Söhne"  # the worst that a person's name may have
FOUNDER = {
    "realm_name": "Harbour",
    "full_name": "Olga Owner",
    "email": "olga@example.org",
    "password": PASSWORD,
}


# -- where forms may come from


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "https://chat.example.org"}, 303),
        ({"Origin": "http://chat.example.org"}, 403),
        ({"Origin": "https://chat.example.org.evil.example"}, 403),
        ({"Origin": "http://10.0.0.7:9991", "Host": "10.0.0.7:9991"}, 303),
        ({"Origin": "http://10.0.0.7:9992", "Host": "10.0.0.7:9991"}, 403),
        ({"Origin": "null", "Sec_Fetch_Site": "same-origin"}, 303),
        ({"Sec_Fetch_Site": "none"}, 303),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
    ],
    ids=str,
)
@pytest.mark.parametrize("settings", [{PUBLIC_URL: "https://chat.example.org"}], ids=[""])
def test_forms_of_other_sites_are_refused(site: Site, headers: dict[str, str], status: int) -> None:
    assert site.browser().post("/logout", **headers).status == status


def test_what_is_no_browser_names_no_site(site: Site, olga: User) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.runtime.port, timeout=20)
    connection.request("POST", "/logout")
    assert connection.getresponse().status == 303
    connection.close()


@pytest.mark.parametrize("path", ["/", "/login", "/logout", "/forgot", "/owner/x", "/login/x"])
def test_every_form_is_checked(site: Site, olga: User, path: str) -> None:
    browser = site.signed_in(olga)
    answer = browser.post(path, {"email": "a@b", "full_name": "Added"}, Origin="http://evil.example")
    assert answer.status == 403
    assert "sent from another site" in answer.text
    assert browser.signed_in_as == "Olga Owner"


# -- those of who is signed in


def test_strangers_are_sent_to_sign_in(site: Site, ann: User) -> None:
    answer = site.browser().get("/admin")
    assert answer.goes_to == "/login?next=%2Fadmin"
    assert answer.text == ""


def test_the_console_is_for_administrators(site: Site, olga: User, ann: User) -> None:
    assert site.signed_in(olga).get("/admin").status == 200
    refused = site.signed_in(ann).get("/admin")
    assert (refused.status, refused.title) == (403, "Not allowed")


# -- every page


def test_names_are_escaped(site: Site) -> None:
    founder, browser = {**FOUNDER, "realm_name": '"><i>Söhne', "full_name": HOSTILE}, site.browser()
    refused = browser.post(owners := site.link_to(None), {**founder, "email": '"><script>'})
    assert browser.post(owners, founder).goes_home
    own_id = browser.api("GET", "/users/me").json["user_id"]
    link = browser.api("POST", f"/appliance/users/{own_id}/login_link").json["link"]
    for answer in (refused, browser.get("/"), browser.get(link.removeprefix(site.runtime.public_url))):
        assert "Söhne" in answer.text
        assert not re.search("<i[ >]|<script>|bob'", answer.text)


PATHS = ["/login", "/forgot", "/register", "/nowhere", "/login/unknown", "/logout", "/owner/unknown"]


@pytest.mark.parametrize("path", PATHS)
def test_headers_of_every_page(site: Site, olga: User, path: str) -> None:
    for browser in (site.browser(), site.signed_in(olga)):
        headers = browser.get(path).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
            " base-uri 'none'; frame-ancestors 'none'"
        )
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/logout", 405), ("/static/pages.py", 404)])
def test_other_addresses_are_pages_for_browsers(site: Site, path: str, status: int) -> None:
    answer = site.browser().get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/html; charset=UTF-8")


def test_the_api_never_answers_with_a_page(site: Site) -> None:
    answer = site.browser().get("/api/v1/nowhere")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [(StorageError("disk full"), 503, "cannot write to its disk"), (RuntimeError("oops"), 500, "in its log")],
)
def test_failures_are_pages_too(
    site: Site, olga: User, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, text: str
) -> None:
    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(account, "log_in", fail)
    answer = site.browser().sign_in("olga@example.org", PASSWORD)
    assert answer.status == status
    assert text in answer.text
    assert str(error) not in answer.text


def test_no_secret_is_logged(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path, browser = site.link_to(None), site.browser()
    assert browser.post(path, FOUNDER).goes_home
    key = browser.api("POST", "/users/me/api_key/regenerate").json["api_key"]
    monkeypatch.setattr(sessions, "end", lambda *_: 1 / 0)
    browser.get(path)
    assert browser.post("/logout").status == 500
    assert "POST /logout failed" in caplog.text
    for secret in (path.rpartition("/")[2], PASSWORD, key, browser.token):
        assert secret not in caplog.text
