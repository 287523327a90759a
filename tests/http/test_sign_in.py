"""Signing in and out, as a browser does it: the first owner, links, passwords, and where one goes on."""

import re
from typing import Any

import pytest

from appliance.actions.realm import closing
from appliance.actions.user import deactivation
from appliance.actions.user import session as sessions
from appliance.base.options import MAIL_HOST, MAIL_PORT, MAIL_SECURITY, PUBLIC_URL, REQUESTS_PER_MINUTE
from appliance.http.page import COOKIE
from appliance.model.user import User
from appliance.store import credential as credentials
from tests.conftest import until
from tests.http.site import PASSWORD, Site
from tests.outside.smtp_sink import SmtpSink

OTHER_PASSWORD = "another good secret"
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
    assert browser.signed_in_as == "Olga Owner"
    assert "<title>Harbour</title>" in browser.get("/").text
    assert browser.get(path).status == 410


def test_the_owner_finds_something_to_do(site: Site) -> None:
    browser = site.browser()
    browser.post(site.link_to(None), FOUNDER)
    channels = browser.api("GET", "/users/me/subscriptions").json["subscriptions"]
    assert [each["name"] for each in channels] == ["general"]
    around = {"anchor": "newest", "num_before": 5, "num_after": 0, "narrow": [["is", "unread"]]}
    said = [each["content"] for each in browser.api("GET", "/messages", **around).json["messages"]]
    assert "welcome" in said[0]
    assert 'href="#organization/invitations"' in said[1]


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
    assert browser.signed_in_as == "Ann Member"
    assert site.browser().sign_in(ann.delivery_email, OTHER_PASSWORD).goes_home


def test_an_administrator_makes_a_link_for_somebody(site: Site, olga: User, ann: User) -> None:
    made = site.signed_in(olga).api("POST", f"/appliance/users/{ann.id}/login_link").json
    assert made["link"].startswith(f"{site.runtime.public_url}/login/")
    assert made["lifetime"] == 7 * 24 * 3600
    path, browser = made["link"].removeprefix(site.runtime.public_url), site.browser()
    assert browser.post(path, {"password": OTHER_PASSWORD}).goes_home
    assert browser.signed_in_as == "Ann Member"


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
    ("make", "way_on"),
    [
        (_unknown, "ask an administrator"),
        (_used, "ask an administrator"),
        (_expired, "ask an administrator"),
        (_of_somebody_locked_out, "ask an administrator"),
        (_unknown_owners, "`appliance user link` makes a new one"),
        (_of_an_owner_too_many, "`appliance user link` makes a new one"),
        (_of_a_person_for_an_owner, "`appliance user link` makes a new one"),
    ],
)
def test_links_that_are_good_for_nothing_say_what_to_do(
    site: Site, ann: User, make: Any, way_on: str
) -> None:
    path, browser = make(site, ann), site.browser()
    for answer in (browser.get(path), browser.post(path, FOUNDER)):
        assert (answer.status, answer.title) == (410, "This link has ended")
        assert way_on in answer.text
    assert not browser.token


# -- signing in and out


def test_signing_in(site: Site, olga: User) -> None:
    browser = site.browser()
    assert browser.get("/").title == "Sign in"
    assert browser.sign_in(" Olga@Example.org ", PASSWORD).goes_home
    assert browser.signed_in_as == "Olga Owner"


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


def test_nobody_signs_in_where_it_is_closed(site: Site, olga: User) -> None:
    closing.deactivate(site.store, olga)
    answer = site.browser().sign_in("olga@example.org", PASSWORD)
    assert (answer.status, answer.error) == (401, "This organization has been deactivated")


def test_signing_out_ends_this_session_alone(site: Site, olga: User) -> None:
    here, there = site.signed_in(olga), site.signed_in(olga)
    token = here.token
    answer = here.post("/logout")
    assert answer.goes_home
    assert (answer.cookie.value, answer.cookie["max-age"]) == ("", "0")
    here.token = token
    assert here.get("/").title == "Sign in"
    assert here.signed_in_as is None
    assert there.signed_in_as == "Olga Owner"


HTTPS = {PUBLIC_URL: "https://chat.example.org"}


@pytest.mark.parametrize(
    ("settings", "name", "secure"),
    [({}, COOKIE, ""), (HTTPS, f"__Host-{COOKIE}", True)],
    ids=["http", "https"],
)
def test_the_cookie_is_for_this_server_alone(site: Site, olga: User, name: str, secure: object) -> None:
    cookie = site.browser().sign_in("olga@example.org", PASSWORD).cookie
    assert cookie.key == name
    assert cookie["httponly"] is True
    assert cookie["samesite"].lower() == "lax"
    assert (cookie["path"], cookie["domain"], cookie["secure"]) == ("/", "", secure)
    assert int(cookie["max-age"]) > 30 * 24 * 3600  # the server decides when a session ends


@pytest.mark.parametrize("settings", [HTTPS], ids=[""])
def test_a_cookie_that_another_server_of_the_domain_may_have_set_is_nobodys(site: Site, olga: User) -> None:
    browser = site.browser()
    headers = {"Cookie": f"{COOKIE}={sessions.begin(site.store, olga)}", "X-Requested-With": "page"}
    assert browser.get("/", **headers).title == "Sign in"
    assert browser.get("/api/v1/users/me", **headers).status == 401


def test_signing_in_ends_the_session_that_the_browser_had(site: Site, olga: User, ann: User) -> None:
    here, there = site.signed_in(ann), site.signed_in(ann)
    before = here.token
    assert here.sign_in("olga@example.org", PASSWORD).goes_home
    assert (here.signed_in_as, there.signed_in_as) == ("Olga Owner", "Ann Member")
    here.token = before
    assert here.signed_in_as is None


def test_malformed_cookies_of_others_do_no_harm(site: Site, olga: User) -> None:
    browser = site.signed_in(olga)
    answer = browser.get("/", Cookie=f'a/b="; ;=; {COOKIE}={browser.token}; x')
    assert 'type="module"' in answer.text


# -- where one goes on


def test_who_must_sign_in_comes_back(site: Site, olga: User) -> None:
    path, browser = "/admin", site.browser()
    way = browser.get(path).goes_to
    assert way.startswith("/login?next=")
    form = {"email": "olga@example.org", "password": OTHER_PASSWORD}
    assert browser.post(way, form).status == 401
    assert browser.post(way, {**form, "password": PASSWORD}).goes_to == path
    assert browser.get(way).goes_to == path  # who is signed in already


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/#narrow/channel/1-general/topic/a.20b", "/#narrow/channel/1-general/topic/a.20b"),
        ("/admin?x=1#y", "/admin?x=1#y"),
        ("", "/"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("/ö", "/"),
        ("javascript:alert(1)", "/"),
        ("/" + "x" * 3000, "/"),
    ],
)
def test_nobody_is_sent_elsewhere(site: Site, olga: User, wanted: str, path: str) -> None:
    form = {"email": "olga@example.org", "password": PASSWORD, "next": wanted}
    answer = site.browser().post("/login", form)
    assert answer.goes_to == path


def test_a_form_at_the_front_door_stays_there(site: Site, olga: User) -> None:
    """A browser so keeps the part behind the "#"."""
    browser = site.browser()
    assert "action=" not in browser.get("/").text.split("<main>")[1]
    assert browser.post("/", {"email": "olga@example.org", "password": PASSWORD}).goes_home
    assert browser.signed_in_as == "Olga Owner"


# -- a forgotten password


@pytest.fixture
def mailing(smtp: SmtpSink, settings: dict[Any, Any]) -> SmtpSink:
    """Where the site sends its mails; to be asked for before it."""
    settings |= {MAIL_HOST: "127.0.0.1", MAIL_PORT: smtp.port, MAIL_SECURITY: "none"}
    return smtp


def test_a_mail_brings_another_password(mailing: SmtpSink, site: Site, ann: User) -> None:
    old, browser = site.signed_in(ann), site.browser()
    assert browser.post("/forgot", {"email": "Ann@example.org"}).title == "Look into your mailbox"
    mail = until(lambda: mailing.mails and mailing.mails[0])
    assert mail["To"] == "Ann Member <ann@example.org>"
    body = mail.get_body(("plain",)).get_content()
    [path] = re.findall(rf"{site.runtime.public_url}(/login/\S+)", body)
    assert browser.post(path, {"password": OTHER_PASSWORD}).goes_home
    assert browser.signed_in_as == "Ann Member"
    assert old.signed_in_as is None
    assert site.browser().post(path, {"password": OTHER_PASSWORD}).status == 410


def test_the_answer_is_the_same_for_all(mailing: SmtpSink, site: Site, olga: User) -> None:
    assert 'href="/forgot"' in site.browser().get("/login").text
    known = site.browser().post("/forgot", {"email": "olga@example.org"})
    unknown = site.browser().post("/forgot", {"email": "nobody@example.org"})
    assert (known.status, known.title) == (200, "Look into your mailbox")
    assert unknown.text == known.text.replace("olga@", "nobody@")


def test_it_may_be_asked_for_now_and_then(mailing: SmtpSink, site: Site, olga: User) -> None:
    answers = [site.browser().post("/forgot", {"email": "Olga@example.org"}) for _ in range(4)]
    assert [each.status for each in answers] == [200, 200, 200, 429]
    assert site.browser().post("/forgot", {"email": "other@example.org"}).status == 200


def test_without_a_mail_server_it_says_who_can_help(site: Site, olga: User) -> None:
    text = site.browser().get("/forgot").text
    assert "Ask an administrator of My team" in text
    assert "<form" not in text.split("<main>")[1]
    assert site.browser().post("/forgot", {"email": "olga@example.org"}).status == 400
