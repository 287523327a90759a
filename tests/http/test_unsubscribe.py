"""The links that end mails, as mail programs, their scanners and browsers use them."""

import re
from functools import partial

import pytest

from appliance.model.user import User
from appliance.notify import unsubscribe as links
from appliance.notify.unsubscribe import KINDS
from appliance.store import scheduled_mail
from appliance.store import user as users
from appliance.store.scheduled_mail import Kind
from appliance.store.secret import read
from tests.conftest import until
from tests.http.site import PASSWORD, Site
from tests.process.client import Person

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
SETTINGS = {kind: name for kind, name in KINDS.items() if isinstance(name, str)}


def path(site: Site, user: User, kind: str = "missed_messages") -> str:
    """Of the link in a mail to the person."""
    secret = read(site.store.folder)
    assert secret is not None
    return links.url("", secret, kind, user.id)


def setting(site: Site, user: User, name: str = "enable_offline_email_notifications") -> bool:
    with site.store.read() as reader:
        stored = users.with_id(reader, user.id)
    assert stored is not None
    return bool(stored.setting(name))


def test_opening_the_link_only_asks(site: Site, ann: User) -> None:
    """Scanners of mails open every link in them."""
    answer = site.browser().get(path(site, ann))
    assert (answer.status, answer.title) == (200, "Unsubscribe?")
    assert re.search('<form [^>]*method="post">\\s*<button>', answer.text)
    assert setting(site, ann)


@pytest.mark.parametrize(("kind", "name"), SETTINGS.items())
def test_the_button_switches_the_setting_off(site: Site, ann: User, kind: str, name: str) -> None:
    answer = site.browser().post(path(site, ann, kind))
    assert (answer.status, answer.title) == (200, "Unsubscribed")
    assert not setting(site, ann, name)
    others = [other for other in SETTINGS.values() if other != name]
    assert all(setting(site, ann, other) for other in others)


def test_it_ends_mails_for_beginners(site: Site, ann: User) -> None:
    data = {"template_prefix": "emails/welcome"}
    for kind in (Kind.WELCOME, Kind.DIGEST):
        site.store.write(partial(scheduled_mail.add, kind=kind, due=2**31, data=data, user_ids=[ann.id]))
    assert site.browser().post(path(site, ann, "welcome")).title == "Unsubscribed"
    with site.store.read() as reader:
        assert reader.rows("SELECT type FROM scheduled_mail") == [(Kind.DIGEST,)]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://mail.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["program", "web mail", "another site"],
)
def test_one_click_needs_no_page_of_ours(site: Site, ann: User, headers: dict[str, str]) -> None:
    assert site.browser().post(path(site, ann), ONE_CLICK, **headers).status == 200
    assert not setting(site, ann)


def test_the_link_works_again_and_again(site: Site, ann: User) -> None:
    for _ in range(2):
        assert site.browser().post(path(site, ann)).title == "Unsubscribed"


def test_clients_hear_of_it(site: Site, ann: User) -> None:
    client = Person(site.runtime.port, ann.id, ann.email, ann.api_key)
    queue = client.register(event_types=["user_settings"])
    for _ in range(2):
        site.browser().post(path(site, ann))
    [event] = until(lambda: queue.poll(dont_block=True))
    assert (event["property"], event["value"]) == ("enable_offline_email_notifications", False)


def tampered(site: Site, ann: User, olga: User) -> list[str]:
    """Links that we never made."""
    good = path(site, ann)
    start, key = good.rsplit("/", 1)
    number, signature = key.split("-")
    flipped = ("0" if signature[0] != "0" else "1") + signature[1:]
    keys = [
        f"{number}-{flipped}",
        f"{olga.id}-{signature}",
        f"0{key}",
        f"9999-{signature}",
        f"{number}-",
        "-",
    ]
    keys += [
        key[:-1],
        f"{key}0",
        key.upper(),
        f"{'9' * 30}-{signature}",
        f"%20{key}",
        f"{key}%0A",
        "%F0%9F%90%9D",
    ]
    kinds = [good.replace("missed_messages", kind) for kind in ("digest", "welcome", "everything", "%00")]
    return [*(f"{start}/{each}" for each in keys if each != key), *kinds]


def test_a_link_that_is_not_ours_changes_nothing_and_tells_nothing(site: Site, ann: User, olga: User) -> None:
    pages = set()
    for link in tampered(site, ann, olga):
        for answer in (site.browser().get(link), site.browser().post(link, ONE_CLICK)):
            assert answer.status == 404, link
            pages.add(answer.text)
    assert len(pages) == 1
    for user in (ann, olga):
        assert all(setting(site, user, name) for name in SETTINGS.values())


def test_neither_page_says_whose_it_is(site: Site, ann: User) -> None:
    browser = site.browser()
    for answer in (browser.get(path(site, ann)), browser.post(path(site, ann))):
        assert ann.full_name not in answer.text
        assert ann.email not in answer.text


def test_a_password_does_not_matter(site: Site, ann: User) -> None:
    """Somebody else may be signed in, in the same browser."""
    browser = site.browser()
    browser.sign_in("olga@example.org", PASSWORD)
    assert browser.post(path(site, ann)).title == "Unsubscribed"
    assert not setting(site, ann)
