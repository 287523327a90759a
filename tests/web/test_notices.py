"""How the page makes itself heard: notices on the screen, the count in the title, pushes to its worker."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.conftest import until
from tests.outside.post_sink import Reply
from tests.outside.web_push_service import WebPushService
from tests.process.client import Person
from tests.process.server import ServerProcess, populate
from tests.web.conftest import Open
from tests.web.window import Site, Window

NOTICES = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.map(({ title, body, data: { message_ids: ids, link } }) => ({ title, body, ids, link }));
}"""


@pytest.fixture(scope="module")
def push_service() -> Iterator[WebPushService]:
    with WebPushService() as service:
        yield service


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, push_service: WebPushService) -> Iterator[Site]:
    """It may call the push service."""
    folder = tmp_path_factory.mktemp("web") / "data"
    users = populate(folder)
    environ = {"APPLIANCE_OUTSIDE_PRIVATE_HOSTS": push_service.server}
    server = ServerProcess(folder, users, environ=environ).start()
    yield Site(server, users)
    server.end()
    assert "Traceback" not in server.log, server.log


@pytest.fixture
def cordelia(site: Site) -> Person:
    return site.person("cordelia")


@pytest.fixture
def person(site: Site) -> Person:
    return site.person("hamlet")


@pytest.fixture
def window(open_page: Open) -> Window:
    """Hamlet's, who has allowed notices and looks at the inbox."""
    window = open_page("hamlet", "#inbox")
    window.context.grant_permissions(["notifications"])
    window.go("#inbox")
    window.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return window


def notices(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(NOTICES)
    return found


def in_general(person: Person, topic: str, content: str) -> int:
    sent = person.ask("POST", "/messages", type="stream", to="general", topic=topic, content=content)
    return int(sent["id"])


# -- on the screen


def test_a_direct_message_is_shown_until_it_is_read(window: Window, cordelia: Person, person: Person) -> None:
    message_id = cordelia.send(person, "Where **are** you? ||spoiler||")
    until(lambda: notices(window.page))
    (shown,) = notices(window.page)
    assert (shown["title"], shown["ids"]) == ("cordelia", [message_id])
    assert shown["body"].startswith("Where are you?")
    assert shown["link"].startswith(f"#narrow/dm/{cordelia.user_id}")
    person.ask("POST", "/messages/flags", messages=[message_id], op="add", flag="read")
    until(lambda: not notices(window.page))


def test_what_one_looks_at_needs_no_notice(window: Window, cordelia: Person, person: Person) -> None:
    window.page.evaluate(f"location.hash = '#narrow/dm/{cordelia.user_id}-cordelia'")
    window.page.wait_for_selector("#main .messages")
    cordelia.send(person, "Here you see it")
    expect(window.page.get_by_text("Here you see it", exact=True)).to_be_visible()
    last = in_general(cordelia, "lunch", "@**hamlet** and here not")
    until(lambda: [each["ids"] for each in notices(window.page)] == [[last]])


def test_only_what_is_wanted_is_told(window: Window, cordelia: Person, person: Person) -> None:
    in_general(cordelia, "noise", "Nothing for you")
    first = in_general(cordelia, "noise", "@**hamlet** for you")
    until(lambda: [each["ids"] for each in notices(window.page)] == [[first]])
    assert notices(window.page)[0]["title"] == "#general > noise"
    assert notices(window.page)[0]["body"] == "cordelia: @hamlet for you"
    person.ask("POST", "/mark_all_as_read")
    until(lambda: not notices(window.page))


DECISIONS: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, bool]]] = [
    ("a direct message", {"type": "private"}, {}, {"screen": True, "sound": True}),
    ("one that is read", {"type": "private", "flags": ["read"]}, {}, {"screen": False, "sound": False}),
    ("a channel", {}, {}, {"screen": False, "sound": False}),
    (
        "a channel, all wanted",
        {},
        {"enable_stream_desktop_notifications": True},
        {"screen": True, "sound": False},
    ),
    ("a mention", {"flags": ["mentioned"]}, {}, {"screen": True, "sound": True}),
    (
        "a mention, silent",
        {"flags": ["mentioned"]},
        {"enable_sounds": False},
        {"screen": True, "sound": False},
    ),
    ("an alert word", {"flags": ["has_alert_word"]}, {}, {"screen": True, "sound": True}),
    ("everybody", {"flags": ["stream_wildcard_mentioned"]}, {}, {"screen": True, "sound": True}),
    (
        "everybody, unwanted",
        {"flags": ["stream_wildcard_mentioned"]},
        {"wildcard_mentions_notify": False},
        {"screen": False, "sound": False},
    ),
]


def test_decisions(open_page: Open, site: Site, cordelia: Person, person: Person) -> None:
    """All in one page, that is quick."""
    window = open_page("hamlet")
    (general,) = person.ask("GET", "/users/me/subscriptions")["subscriptions"]
    usual = {
        "sender_id": cordelia.user_id,
        "type": "stream",
        "stream_id": general["stream_id"],
        "subject": "x",
        "flags": [],
    }
    settings = person.ask("POST", "/register", fetch_event_types=["user_settings"])["user_settings"]
    for what, message, changes, expected in DECISIONS:
        change(window, person, changes)
        found = window.ask("notices/decision.js", f"it.wanted({json.dumps({**usual, **message})})")
        assert found == expected, what
        change(window, person, {name: settings[name] for name in changes})


def change(window: Window, person: Person, settings: dict[str, Any]) -> None:
    """And wait until the page knows."""
    for name, value in settings.items():
        person.ask("PATCH", "/settings", **{name: value})
        until(lambda name=name, value=value: window.ask("state/told.js", f"it.setting('{name}')") == value)


# -- the count


def test_the_title_counts_what_is_unread(window: Window, cordelia: Person, person: Person) -> None:
    person.ask("POST", "/mark_all_as_read")
    expect(window.page).to_have_title("Inbox · My team")
    icon = window.page.locator('link[rel="icon"]')
    plain = str(icon.get_attribute("href"))
    cordelia.send(person, "one")
    in_general(cordelia, "lunch", "two")
    expect(window.page).to_have_title("(2) Inbox · My team")
    expect(icon).not_to_have_attribute("href", plain)
    person.ask("PATCH", "/settings", desktop_icon_count_display=3)
    expect(window.page).to_have_title("(1) Inbox · My team")
    person.ask("PATCH", "/settings", desktop_icon_count_display=4)
    expect(window.page).to_have_title("Inbox · My team")
    person.ask("PATCH", "/settings", desktop_icon_count_display=1)
    person.ask("POST", "/mark_all_as_read")


# -- pushes


@pytest.fixture
def pushed(window: Window) -> Iterator["Pushed"]:
    """What a push service brings; the page shows nothing itself, as if it were closed."""
    pushed = Pushed(window)
    yield pushed
    pushed.session.detach()


class Pushed:
    """Pushes into the browser, in place of its maker's service."""

    def __init__(self, window: Window) -> None:
        self.window, self.session = window, window.context.new_cdp_session(window.page)
        self.origin = window.site.server.url
        self.registration = self._registration(self.session)

    def _registration(self, session: CDPSession) -> str:
        found: list[dict[str, Any]] = []
        session.on(
            "ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"])
        )
        session.send("ServiceWorker.enable")
        until(lambda: self.window.page.evaluate("1") and found)
        return str(found[-1]["registrationId"])

    def deliver(self, push: dict[str, Any]) -> None:
        given = {"origin": self.origin, "registrationId": self.registration, "data": json.dumps(push)}
        self.session.send("ServiceWorker.deliverPushMessage", given)


TEST = {
    "kind": "test",
    "message_ids": [],
    "title": "Test notification",
    "body": "It works",
    "tag": "",
    "link": "/",
}
ADD = {
    "kind": "add",
    "message_ids": [991],
    "title": "#general > lunch",
    "body": "cordelia: Soup?",
    "tag": "0f3c",
}


def test_a_push_is_shown_and_taken_away(window: Window, pushed: Pushed) -> None:
    pushed.deliver(TEST)
    until(lambda: titles(window) == ["Test notification"])
    pushed.deliver(ADD)  # the page is open, and tells of it in its own way
    window.page.goto("about:blank")
    pushed.deliver({**ADD, "message_ids": [992], "title": "#general > dinner"})
    window.go("#inbox")
    until(lambda: titles(window) == ["#general > dinner", "Test notification"])
    pushed.deliver({"kind": "remove", "message_ids": [5, 992]})
    until(lambda: titles(window) == ["Test notification"])


def titles(window: Window) -> list[str]:
    return sorted(each["title"] for each in notices(window.page))


CLICK = """async () => {
  const [notification] = await registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


def test_a_notice_that_is_pressed_opens_the_conversation(window: Window, pushed: Pushed) -> None:
    window.page.goto("about:blank")
    pushed.deliver({**ADD, "link": f"{window.site.server.url}/#narrow/channel/1-general/topic/lunch"})
    window.go("#inbox")
    until(lambda: titles(window) == ["#general > lunch"])
    window.context.service_workers[0].evaluate(CLICK)
    window.page.wait_for_url("**/#narrow/channel/1-general/topic/lunch")
    assert notices(window.page) == []


SUBSCRIBE = """([endpoint, keys]) => {
  let subscription = null;
  const made = { endpoint, options: { applicationServerKey: null }, toJSON: () => ({ endpoint, keys }),
    unsubscribe: async () => { subscription = null; return true; } };
  PushManager.prototype.subscribe = async () => (subscription = made);
  PushManager.prototype.getSubscription = async () => subscription;
}"""


def test_this_browser_gets_pushes(window: Window, push_service: WebPushService, person: Person) -> None:
    """Chromium's own push service is out of reach here: another one takes its place."""
    browser = push_service.browser()
    window.page.evaluate(SUBSCRIBE, [browser.endpoint, browser.keys])
    window.page.evaluate("location.hash = '#settings/devices'")
    page = window.page
    page.get_by_role("button", name="Turn on pushes").click()
    expect(page.get_by_text("On: you hear of messages when the page is closed, too.")).to_be_visible()
    devices = page.get_by_role("list", name="Devices").get_by_role("listitem")
    expect(devices).to_contain_text("this browser")
    page.get_by_role("button", name="Test this browser").click()
    expect(page.get_by_text("It is sent")).to_be_visible()
    assert [each.content["kind"] for each in push_service.delivered] == ["test"]
    devices.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Turn on pushes")).to_be_visible()
    page.get_by_role("button", name="Turn on pushes").click()
    page.get_by_role("button", name="Turn off pushes").click()
    expect(page.get_by_text("No device gets pushes yet.")).to_be_visible()
    assert person.ask("GET", "/appliance/devices")["devices"] == []


def test_a_device_that_gets_nothing_says_why(
    window: Window, push_service: WebPushService, person: Person
) -> None:
    browser = push_service.browser()
    device_id = person.ask("POST", "/appliance/web_push", **browser.subscription)["device_id"]
    push_service.replies.append(Reply(413))
    window.page.evaluate("location.hash = '#settings/devices'")
    window.page.get_by_role("list", name="Devices").get_by_role("button", name="Test").click()
    expect(window.page.get_by_role("alert")).to_be_visible()
    window.troubles.clear()
    person.ask("DELETE", f"/appliance/devices/{device_id}")


# -- without a connection


def test_without_a_server_it_says_so(window: Window) -> None:
    window.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    window.context.set_offline(True)
    window.page.goto(window.site.server.url, wait_until="commit")
    expect(window.page.get_by_role("heading", name="No connection")).to_be_visible()
    window.context.set_offline(False)
    window.page.get_by_role("link", name="Try again").click()
    window.page.wait_for_selector(":root[data-ready]")
    window.troubles.clear()
