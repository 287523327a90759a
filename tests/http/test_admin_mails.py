"""Mails of the outbox in the admin console: who sees what of them, and their HTML, which can do nothing."""

from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

import pytest

from appliance.base.options import MAIL_HOST
from appliance.model.user import Role, User
from appliance.outside.outbox import Outbox
from tests.http.site import Site
from tests.process.client import Person

PATH = "/appliance/admin/mails"
HTML = '<p style="color: red">Grüße <script>alert(1)</script></p>'


def letter(to: str, subject: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = f"<{quote(subject).replace('%', '')}@chat.test>"
    message["To"], message["Subject"] = f"Somebody <{to}>", subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("https://chat.test/login/zqtoken\n")
    message.add_alternative(HTML, subtype="html")
    return message


@pytest.fixture
def outbox(site: Site) -> Outbox:
    return Outbox(site.store.folder / "outbox")


@pytest.fixture
def ada(site: Site) -> User:
    return site.add("Ada Admin", Role.ADMIN)


def person(site: Site, user: User) -> Person:
    return Person(site.runtime.port, user.id, user.email, user.api_key)


def listed(site: Site, user: User) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person(site, user).ask("GET", PATH)["mails"]
    return found


def test_an_outbox_without_mails(site: Site, olga: User) -> None:
    assert person(site, olga).ask("GET", PATH)["mail_server"] == ""
    assert listed(site, olga) == []


def test_newest_first(site: Site, olga: User, outbox: Outbox) -> None:
    for subject in ("first", "second", "Grüße an alle"):
        outbox.send(letter("ann@example.org", subject))
    assert [each["subject"] for each in listed(site, olga)] == ["Grüße an alle", "second", "first"]
    assert {each["to"] for each in listed(site, olga)} == {"ann@example.org"}


def test_an_owner_reads_a_mail(site: Site, olga: User, outbox: Outbox) -> None:
    outbox.send(letter("ann@example.org", "Your link"))
    [mail] = listed(site, olga)
    assert mail["readable"]
    found = person(site, olga).ask("GET", f"{PATH}/{mail['name']}")
    assert (found["text"].strip(), found["subject"]) == ("https://chat.test/login/zqtoken", "Your link")


def test_links_are_not_for_administrators_who_are_no_owners(
    site: Site, olga: User, ada: User, outbox: Outbox
) -> None:
    """Else they could sign in as an owner."""
    outbox.send(letter(olga.delivery_email, "Your link"))
    [mail] = listed(site, ada)
    assert (mail["subject"], mail["readable"]) == ("Your link", False)
    assert person(site, ada).call("GET", f"{PATH}/{mail['name']}").is_error(404, "BAD_REQUEST")
    assert site.signed_in(ada).get(f"/admin/mails/{mail['name']}").status == 404


def test_one_reads_the_mails_to_oneself(site: Site, olga: User, ada: User, outbox: Outbox) -> None:
    outbox.send(
        letter(ada.delivery_email.upper(), "#secret > plans", List_Unsubscribe="<https://chat.test/u>")
    )
    [mail] = listed(site, ada)
    assert (mail["readable"], mail["subject"]) == (True, "#secret > plans")
    assert person(site, ada).ask("GET", f"{PATH}/{mail['name']}")["text"]


def test_what_somebody_missed_is_theirs_alone(site: Site, olga: User, outbox: Outbox) -> None:
    outbox.send(letter("ann@example.org", "#secret > plans", List_Unsubscribe="<https://chat.test/u>"))
    [mail] = listed(site, olga)
    assert (mail["readable"], mail["subject"], mail["about_messages"]) == (False, "", True)
    assert person(site, olga).call("GET", f"{PATH}/{mail['name']}").status == 404
    assert site.signed_in(olga).get(f"/admin/mails/{mail['name']}").status == 404


def test_the_html_can_do_nothing(site: Site, olga: User, outbox: Outbox) -> None:
    outbox.send(letter("ann@example.org", "Your link"))
    [mail] = listed(site, olga)
    answer = site.signed_in(olga).get(f"/admin/mails/{mail['name']}")
    assert answer.text.strip() == HTML
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["nothing.eml", "..%2Fappliance.db", "%2e%2e.eml", "appliance.db", ".eml"])
def test_nothing_else_of_the_folder_is_served(site: Site, olga: User, outbox: Outbox, name: str) -> None:
    outbox.send(letter("ann@example.org", "Your link"))
    assert person(site, olga).call("GET", f"{PATH}/{name}").status == 404
    assert site.signed_in(olga).get(f"/admin/mails/{name}").status == 404


def test_who_is_not_signed_in_finds_nothing(site: Site, olga: User, outbox: Outbox) -> None:
    outbox.send(letter("ann@example.org", "Your link"))
    assert site.browser().get("/admin/mails/Your20link@chat.test.eml").status == 404


def test_a_file_that_is_no_mail(site: Site, olga: User, outbox: Outbox) -> None:
    outbox.send(letter("ann@example.org", "Your link"))
    (site.store.folder / "outbox" / "broken.eml").write_bytes(b"\xff\xfe\x00 no headers at all")
    broken = next(each for each in listed(site, olga) if each["name"] == "broken.eml")
    assert (broken["to"], broken["subject"]) == ("", "")
    assert person(site, olga).ask("GET", f"{PATH}/broken.eml")["result"] == "success"


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"Subject: =?klingon?q?nuqneH?=", "=?klingon?q?nuqneH?="),
        (b"Subject: =?utf-8?b?Z?=", "=?utf-8?b?Z?="),
    ],
)
def test_what_cannot_be_decoded_is_shown_as_it_is(
    site: Site, olga: User, outbox: Outbox, header: bytes, shown: str
) -> None:
    outbox.send(letter("ann@example.org", "Your link"))
    mail = header + b"\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhello"
    (site.store.folder / "outbox" / "odd.eml").write_bytes(mail)
    assert next(each["subject"] for each in listed(site, olga) if each["name"] == "odd.eml") == shown
    assert person(site, olga).ask("GET", f"{PATH}/odd.eml")["text"] == "hello"


@pytest.mark.parametrize("settings", [{MAIL_HOST: "smtp.example.org"}])
def test_with_a_mail_server(site: Site, olga: User) -> None:
    assert person(site, olga).ask("GET", PATH)["mail_server"] == "smtp.example.org"
