"""The pages, as a browser sees them: a real server, real sockets, cookies and the headers of a browser."""

import configparser
import http.client
import logging
import re
from typing import Any, NoReturn

import pytest

from appliance.actions.user import account, deactivation
from appliance.actions.user import session as sessions
from appliance.base.errors import StorageError
from appliance.base.options import PUBLIC_URL, REQUESTS_PER_MINUTE
from appliance.http.page import COOKIE
from appliance.model.user import User
from appliance.store import credential as credentials
from tests.http.site import PASSWORD, Site
from tests.process.client import Person

OTHER_PASSWORD = "another good secret"
HOSTILE = "<i onload='x' & Söhne"  # the worst that a person's name may have
FOUNDER = {
    "realm_name": "Harbour",
    "full_name": "Olga Owner",
    "email": "olga@example.org",
    "password": PASSWORD,
}


# -- the first owner


def test_before_there_is_an_owner(site: Site) -> None:
    answer = site.browser().get("/")
    assert (answer.status, answer.title) == (200, "Almost ready")
    assert "appliance user link" in answer.text


def test_the_link_makes_the_owner(site: Site) -> None:
    path, browser = site.link_to(None), site.browser()
    assert browser.get(path).title == "Make it yours"
    assert browser.post(path, FOUNDER).goes_home
    home = browser.get("/")
    assert home.title == "Hello, Olga Owner"
    assert "Harbour" in home.text
    assert browser.get(path).status == 404


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("realm_name", "", "must have 1 to 40 characters"),
        ("full_name", "O", "Name too short!"),
        ("email", "olga", "Enter a valid email address."),
        ("password", "sh0rt", "The password is too short: 8 characters at least."),
    ],
)
def test_what_was_typed_is_kept(site: Site, field: str, value: str, error: str) -> None:
    path, browser, typed = site.link_to(None), site.browser(), {**FOUNDER, field: value}
    answer = browser.post(path, typed)
    assert answer.status == 400
    assert error in answer.error
    for name in ("realm_name", "full_name", "email"):
        assert re.search(rf'name="{name}"[^>]* value="{typed[name]}"', answer.text)
    assert typed["password"] not in answer.text
    assert browser.post(path, FOUNDER).goes_home


# -- links of people


def test_a_link_sets_the_password_and_signs_in(site: Site, ann: User) -> None:
    path, browser = site.link_to(ann), site.browser()
    form = browser.get(path)
    assert form.title == "Welcome, Ann Member"
    assert 'value="ann@example.org"' in form.text
    assert browser.post(path, {"password": "short"}).error.startswith("The password is too short")
    assert browser.post(path, {"password": OTHER_PASSWORD}).goes_home
    assert browser.get("/").title == "Hello, Ann Member"
    assert site.browser().sign_in(ann.delivery_email, OTHER_PASSWORD).goes_home


def _unknown(site: Site, ann: User) -> str:
    return "/login/unknown"


def _unknown_owners(site: Site, ann: User) -> str:
    return "/owner/unknown"


def _used(site: Site, ann: User) -> str:
    path = site.link_to(ann)
    assert site.browser().post(path, {"password": PASSWORD}).goes_home
    return path


def _expired(site: Site, ann: User) -> str:
    site.store.write(lambda transaction: credentials.add_link(transaction, "old", ann.id, -1))
    return "/login/old"


def _of_somebody_locked_out(site: Site, ann: User) -> str:
    deactivation.deactivate(site.store, ann)
    return site.link_to(ann)


def _of_an_owner_too_many(site: Site, ann: User) -> str:
    return site.link_to(None)


def _of_a_person_for_an_owner(site: Site, ann: User) -> str:
    return site.link_to(ann).replace("login", "owner")


@pytest.mark.parametrize(
    "make",
    [
        _unknown,
        _unknown_owners,
        _used,
        _expired,
        _of_somebody_locked_out,
        _of_an_owner_too_many,
        _of_a_person_for_an_owner,
    ],
)
def test_links_that_are_good_for_nothing(site: Site, ann: User, make: Any) -> None:
    path, browser = make(site, ann), site.browser()
    for answer in (browser.get(path), browser.post(path, FOUNDER)):
        assert (answer.status, answer.title) == (404, "Nothing here")
        assert "`appliance user link` makes a new one" in answer.text
    assert not browser.token


# -- signing in and out


def test_signing_in(site: Site, olga: User) -> None:
    browser = site.browser()
    assert browser.get("/").title == "Sign in"
    assert browser.sign_in(" Olga@Example.org ", PASSWORD).goes_home
    assert browser.get("/").title == "Hello, Olga Owner"


def test_a_wrong_password_and_an_unknown_address_look_alike(site: Site, olga: User) -> None:
    wrong = site.browser().sign_in("olga@example.org", OTHER_PASSWORD)
    unknown = site.browser().sign_in("nobody@example.org", OTHER_PASSWORD)
    assert (wrong.status, wrong.error) == (401, "Your username or password is incorrect")
    assert unknown.text == wrong.text.replace("olga@", "nobody@")
    assert 'value="olga@example.org"' in wrong.text
    assert OTHER_PASSWORD not in wrong.text
    assert "WWW-Authenticate" not in wrong.headers


def test_tries_are_limited(site: Site, olga: User) -> None:
    browser = site.browser()
    for _ in range(5):
        assert browser.sign_in("olga@example.org", OTHER_PASSWORD).status == 401
    answer = browser.sign_in("OLGA@example.org", PASSWORD)
    assert (answer.status, answer.error) == (429, "That was tried too often. Try again in 6 minutes.")
    assert float(answer.headers["Retry-After"]) > 300


@pytest.mark.parametrize("settings", [{REQUESTS_PER_MINUTE: 2}])
def test_forms_of_one_address_are_limited(site: Site) -> None:
    browser = site.browser()
    assert [browser.post("/logout").status for _ in range(2)] == [303, 429]
    assert browser.get("/").status == 200


def test_signing_out_ends_this_session_alone(site: Site, olga: User) -> None:
    here, there = site.signed_in(olga), site.signed_in(olga)
    token = here.token
    answer = here.post("/logout")
    assert answer.goes_home
    assert (answer.cookie.value, answer.cookie["max-age"]) == ("", "0")
    here.token = token
    assert here.get("/").title == "Sign in"
    assert there.get("/").title == "Hello, Olga Owner"


@pytest.mark.parametrize(
    ("settings", "secure"),
    [({}, ""), ({PUBLIC_URL: "https://chat.example.org"}, True)],
    ids=["http", "https"],
)
def test_the_cookie_is_for_this_server_alone(site: Site, olga: User, secure: object) -> None:
    cookie = site.browser().sign_in("olga@example.org", PASSWORD).cookie
    assert cookie["httponly"] is True
    assert cookie["samesite"].lower() == "lax"
    assert (cookie["path"], cookie["domain"], cookie["secure"]) == ("/", "", secure)
    assert cookie["max-age"] == str(14 * 24 * 3600)


def test_malformed_cookies_of_others_do_no_harm(site: Site, olga: User) -> None:
    browser = site.signed_in(olga)
    answer = browser.get("/", Cookie=f'a/b="; ;=; {COOKIE}={browser.token}; x')
    assert answer.title == "Hello, Olga Owner"


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


@pytest.mark.parametrize("path", ["/login", "/logout", "/people", "/owner/x", "/login/x"])
def test_every_form_is_checked(site: Site, olga: User, path: str) -> None:
    browser = site.signed_in(olga)
    answer = browser.post(path, {"email": "a@b", "full_name": "Added"}, Origin="http://evil.example")
    assert answer.status == 403
    assert "sent from another site" in answer.text
    assert "Added" not in browser.get("/").text


# -- home


def test_home_says_how_to_connect(site: Site, ann: User) -> None:
    text = site.signed_in(ann).get("/").text
    assert site.runtime.public_url in text
    assert 'href="/zuliprc"' in text
    assert ann.api_key not in text
    assert "Olga Owner" in text
    assert "olga@example.org" in text


def test_the_zuliprc_is_one(site: Site, ann: User) -> None:
    answer = site.signed_in(ann).get("/zuliprc")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="zuliprc"'
    assert answer.headers["Cache-Control"] == "no-store"
    parser = configparser.ConfigParser()
    parser.read_string(answer.text)
    api = parser["api"]
    assert (api["email"], api["site"]) == ("ann@example.org", site.runtime.public_url)
    assert Person(site.runtime.port, ann.id, api["email"], api["key"]).ask("GET", "/users/me")


@pytest.mark.parametrize("path", ["/zuliprc", "/people"])
def test_strangers_are_sent_to_sign_in(site: Site, ann: User, path: str) -> None:
    answer = site.browser().get(path)
    assert answer.goes_home
    assert answer.text == ""


def test_an_admin_adds_a_colleague(site: Site, olga: User) -> None:
    browser, newcomer = site.signed_in(olga), site.browser()
    added = browser.post("/people", {"full_name": "Bob New", "email": "bob@example.org"})
    assert (added.status, added.title) == (200, "Bob New is in")
    link = re.search(rf"{site.runtime.public_url}(/login/[\w-]+)", added.text)
    assert link
    assert newcomer.post(link[1], {"password": PASSWORD}).goes_home
    assert newcomer.get("/").title == "Hello, Bob New"


def test_an_address_in_use(site: Site, ann: User, olga: User) -> None:
    answer = site.signed_in(olga).post("/people", {"full_name": "Other Ann", "email": "ann@example.org"})
    assert (answer.status, answer.error) == (400, "Email is already in use: ann@example.org")
    assert 'value="Other Ann"' in answer.text


def test_members_add_nobody(site: Site, ann: User) -> None:
    browser, form = site.signed_in(ann), {"full_name": "Bob New", "email": "bob@example.org"}
    assert 'action="/people"' not in browser.get("/").text
    assert "administrator" in browser.post("/people", form).error
    assert site.browser().post("/people", form).goes_home
    assert "Bob New" not in browser.get("/").text


def test_who_is_locked_out_is_not_shown(site: Site, ann: User, olga: User) -> None:
    deactivation.deactivate(site.store, ann)
    assert "Ann Member" not in site.signed_in(olga).get("/").text


# -- every page


def test_names_are_escaped(site: Site) -> None:
    founder, browser = {**FOUNDER, "realm_name": '"><i>Söhne', "full_name": HOSTILE}, site.browser()
    refused = browser.post(owners := site.link_to(None), {**founder, "email": '"><script>'})
    assert browser.post(owners, founder).goes_home
    added = browser.post("/people", {"full_name": HOSTILE, "email": "bob'&@example.org"})
    [link] = re.findall(r"(/login/[\w-]+)", added.text)
    for answer in (refused, added, browser.get("/"), browser.get(link)):
        assert "Söhne" in answer.text
        assert not re.search("<i[ >]|<script|bob'", answer.text)


PATHS = ["/", "/login", "/people", "/zuliprc", "/nowhere", "/login/unknown", "/logout"]


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
    key = browser.get("/zuliprc").text.split("key=")[1].split()[0]
    monkeypatch.setattr(sessions, "end", lambda *_: 1 / 0)
    browser.get(path)
    assert browser.post("/logout").status == 500
    assert "POST /logout failed" in caplog.text
    for secret in (path.rpartition("/")[2], PASSWORD, key, browser.token):
        assert secret not in caplog.text


# -- files and faces


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/static/pages.css", "text/css; charset=UTF-8"),
        ("/static/icon.png", "image/png"),
        ("/static/emoji_names.json", "application/json"),
        ("/avatar/1", "image/svg+xml; charset=UTF-8"),
    ],
)
def test_files_are_kept_until_they_change(site: Site, olga: User, path: str, content_type: str) -> None:
    browser = site.browser()
    first = browser.get(path)
    assert (first.status, first.headers["Content-Type"]) == (200, content_type)
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = browser.get(path, **{"If-None-Match": f"W/{first.headers['ETag']}"})
    assert (again.status, again.body) == (304, b"")
    assert browser.get(path, **{"If-None-Match": '"other"'}).body == first.body != b""


@pytest.mark.parametrize(
    "name", ["", "pages.html", "..%2fmodel%2fuser.py", "%2e%2e/model/user.py", "x" * 5000]
)
def test_no_other_file_is_given(site: Site, name: str) -> None:
    assert site.browser().get(f"/static/{name}").status == 404


def test_a_face_has_initials_and_a_colour(site: Site) -> None:
    faces = [site.add(name) for name in ("Ann Member", "Bob", "Zoë van der Berg", "& <Söhne")]
    texts = [site.browser().get(f"/avatar/{each.id}").text for each in faces]
    assert [re.findall(">([^<]*)</text>", text) for text in texts] == [["AM"], ["B"], ["ZB"], ["&amp;&lt;"]]
    assert len({re.findall("hsl[^)]*", text)[0] for text in texts}) == 4


@pytest.mark.parametrize("user_id", ["99", "0", "-1", "x", str(10**30)])
def test_who_is_not_there_has_no_face(site: Site, user_id: str) -> None:
    assert site.browser().get(f"/avatar/{user_id}").status == 404
