"""Invitations, from the request to the page on which they are accepted."""

import re
from pathlib import Path
from typing import Any

import pytest

from appliance.actions.realm import closing
from appliance.actions.realm import domain as realm_domain
from appliance.actions.realm import setting as realm_setting
from appliance.model.realm_domain import Domain
from appliance.model.user import Role, User
from tests.conftest import until
from tests.http.site import PASSWORD, Site
from tests.process.client import Person

NEW = "new@example.org"
NEWCOMER = {"full_name": "New One", "password": PASSWORD}


def api(site: Site, user: User) -> Person:
    return Person(site.runtime.port, user.id, user.delivery_email, user.api_key)


def mailed_link(site: Site, number: int = 1) -> str:
    """The path of the link in the mail of that number, which the server has written to its folder."""
    folder = site.runtime.folder / "outbox"

    def arrived() -> list[Path]:
        found = sorted(folder.glob("*.eml"), key=lambda each: each.stat().st_mtime_ns)
        return found if len(found) >= number else []

    mails = until(arrived)
    text = mails[number - 1].read_text().replace("=\n", "").replace("=3D", "=")
    path: str = re.findall(r"https?://[^/\s]+(/join/[-\w]+)", text)[0]
    return path


def test_an_invitation_by_mail(site: Site, olga: User) -> None:
    person = api(site, olga)
    watcher = person.register(event_types=["invites_changed"])
    person.ask("POST", "/invites", invitee_emails="new@example.org", stream_ids=[], invite_as=300)
    [listed] = person.ask("GET", "/invites")["invites"]
    assert (listed["email"], listed["invited_as"], listed["is_multiuse"]) == ("new@example.org", 300, False)
    assert len(watcher.next(1)) == 1
    path, browser = mailed_link(site), site.browser()
    form = browser.get(path)
    assert form.title.startswith("Join ")
    assert "new@example.org" in form.text
    bad = browser.post(path, {**NEWCOMER, "password": "short"})
    assert (bad.status, "too short" in bad.error, 'value="New One"' in bad.text) == (400, True, True)
    assert browser.post(path, NEWCOMER).goes_home
    assert browser.signed_in_as == "New One"
    assert person.ask("GET", "/invites")["invites"] == []
    spent = site.browser().get(path)
    assert spent.status == 410
    assert "used already" in spent.text


def test_a_link_for_many(site: Site, olga: User) -> None:
    person = api(site, olga)
    made = person.ask(
        "POST", "/invites/multiuse", invite_expires_in_minutes=None, include_realm_default_subscriptions=True
    )["invite_link"]
    [listed] = person.ask("GET", "/invites")["invites"]
    assert (listed["link_url"], listed["expiry_date"]) == (made, None)
    path = "/join/" + made.rpartition("/")[2]
    for name in ("one", "two"):
        browser = site.browser()
        assert 'name="email"' in browser.get(path).text
        assert browser.post(path, {**NEWCOMER, "email": f"{name}@example.org"}).goes_home
    taken = site.browser().post(path, {**NEWCOMER, "email": "two@example.org"})
    assert "already in use" in taken.error
    person.ask("DELETE", f"/invites/multiuse/{listed['id']}")
    assert site.browser().get(path).status == 410


def test_a_link_where_domains_say_who_may_come(site: Site, olga: User) -> None:
    realm_domain.add(site.store, olga, Domain("example.org", allow_subdomains=False))
    realm_setting.change(site.store, olga, {"emails_restricted_to_domains": True})
    made = api(site, olga).ask("POST", "/invites/multiuse")["invite_link"]
    path, browser = "/join/" + made.rpartition("/")[2], site.browser()
    assert 'name="password"' not in browser.get(path).text
    assert "Outside your domain." in browser.post(path, {"email": "new@elsewhere.org"}).error
    assert browser.post(path, {"email": "new@example.org"}).title == "Look into your mailbox"
    assert browser.post(mailed_link(site), NEWCOMER).goes_home


def test_where_anybody_may_come(site: Site, olga: User) -> None:
    browser = site.browser()
    assert browser.get("/register").status == 403
    assert "/register" not in browser.get("/").text
    realm_setting.change(site.store, olga, {"invite_required": False})
    assert "/register" in browser.get("/").text
    assert browser.get("/register").title.startswith("Join ")
    assert browser.post("/register", {"email": "new@example.org"}).title == "Look into your mailbox"
    known = browser.post("/register", {"email": olga.delivery_email})
    assert known.title == "Look into your mailbox"
    assert browser.post(mailed_link(site), NEWCOMER).goes_home


@pytest.mark.parametrize("way", ["register", "link"])
def test_strangers_fill_nobodys_mailbox(site: Site, olga: User, way: str) -> None:
    realm_domain.add(site.store, olga, Domain("example.org", allow_subdomains=False))
    realm_setting.change(site.store, olga, {"emails_restricted_to_domains": True, "invite_required": False})
    made = api(site, olga).ask("POST", "/invites/multiuse")["invite_link"]
    path = "/register" if way == "register" else "/join/" + made.rpartition("/")[2]
    answers = [site.browser().post(path, {"email": email}) for email in ("New@example.org", *[NEW] * 3)]
    assert [each.status for each in answers] == [200, 200, 200, 429]
    assert site.browser().post(path, {"email": "other@example.org"}).status == 200


def test_sending_again_and_taking_back(site: Site, olga: User) -> None:
    person = api(site, olga)
    person.ask("POST", "/invites", invitee_emails="new@example.org", stream_ids=[])
    first = mailed_link(site)
    [listed] = person.ask("GET", "/invites")["invites"]
    person.ask("POST", f"/invites/{listed['id']}/resend")
    second = mailed_link(site, 2)
    assert site.browser().get(first).status == 410
    assert site.browser().get(second).status == 200
    person.ask("DELETE", f"/invites/{listed['id']}")
    assert site.browser().get(second).status == 410
    assert person.call("DELETE", f"/invites/{listed['id']}").body["msg"] == "No such invitation"


@pytest.mark.parametrize(
    ("given", "code", "msg"),
    [
        ({"invitee_emails": ""}, "BAD_REQUEST", "You must specify at least one email address."),
        ({"invitee_emails": "nonsense"}, "INVITATION_FAILED", "Nobody was invited: there are"),
        ({"invitee_emails": "a@b.org", "invite_as": 7}, "BAD_REQUEST", "Invalid invite_as"),
        ({"invitee_emails": "a@b.org", "invite_expires_in_minutes": 0}, "BAD_REQUEST", "invite_expires"),
        ({"invitee_emails": "a@b.org", "invite_expires_in_minutes": 10**18}, "BAD_REQUEST", "invite_expires"),
        ({"invitee_emails": "a@b.org", "stream_ids": [99]}, "BAD_REQUEST", "Invalid channel ID 99."),
        ({"invitee_emails": "a@b.org", "group_ids": [99]}, "BAD_REQUEST", "Invalid user group"),
    ],
)
def test_mistakes(site: Site, olga: User, given: dict[str, Any], code: str, msg: str) -> None:
    answer = api(site, olga).call("POST", "/invites", **{"stream_ids": [], **given})
    assert answer.is_error(400, code)
    assert msg in answer.body["msg"]


def test_guests_invite_nobody_and_see_nothing(site: Site, olga: User) -> None:
    api(site, olga).ask("POST", "/invites", invitee_emails="new@example.org", stream_ids=[])
    guest = api(site, site.add("Gwen Guest", Role.GUEST))
    assert guest.ask("GET", "/invites")["invites"] == []
    for method, path, given in (
        ("POST", "/invites", {"invitee_emails": "a@b.org", "stream_ids": []}),
        ("POST", "/invites/multiuse", {}),
        ("DELETE", "/invites/1", {}),
        ("POST", "/invites/1/resend", {}),
    ):
        assert guest.call(method, path, **given).status == 400


# -- a closed organization


def test_in_a_closed_organization_nothing_is_answered(site: Site, olga: User) -> None:
    person, member = api(site, olga), site.add("Ann Member")
    watcher = api(site, member).register(event_types=["realm"])
    invited = person.ask("POST", "/invites/multiuse")["invite_link"].rpartition("/")[2]
    browser = site.signed_in(member)
    person.ask("POST", "/realm/deactivate")
    for each in (person, api(site, member)):
        assert each.call("GET", "/users/me").is_error(401, "REALM_DEACTIVATED")
        assert each.call("PATCH", "/realm", name="x").is_error(401, "REALM_DEACTIVATED")
    assert watcher.poll(dont_block=True) == []
    login = {"username": member.delivery_email, "password": PASSWORD}
    assert person.call("POST", "/fetch_api_key", **login).is_error(401, "REALM_DEACTIVATED")
    assert browser.get("/").title == "Sign in"
    assert "has been deactivated" in browser.sign_in(member.delivery_email, PASSWORD).error
    assert site.browser().get(f"/join/{invited}").status == 401
    closing.reactivate(site.store)
    assert [(each["op"]) for each in until(lambda: watcher.poll(dont_block=True))] == ["deactivated"]
    assert api(site, member).call("GET", "/users/me").status == 200
