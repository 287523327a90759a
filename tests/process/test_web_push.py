"""From a message of a real client to a browser, and to an address of a person's own; over crashes, too."""

from collections.abc import Iterator

import pytest

from tests.conftest import until
from tests.outside.ntfy import NtfyServer
from tests.outside.post_sink import Reply
from tests.outside.web_push_service import Browser, WebPushService
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, die_in

BROWSERS, ADDRESSES = "/appliance/web_push", "/appliance/ntfy"


@pytest.fixture
def service() -> Iterator[WebPushService]:
    with WebPushService() as service:
        yield service


@pytest.fixture
def ntfy() -> Iterator[NtfyServer]:
    with NtfyServer() as server:
        yield server


@pytest.fixture
def pushing(serve: Serve, service: WebPushService, ntfy: NtfyServer) -> ServerProcess:
    """May call the two, and does not wait long before it tries again."""
    environ = {
        "APPLIANCE_OUTSIDE_PRIVATE_HOSTS": f"{service.server} {ntfy.server}",
        "APPLIANCE_JOBS_POLICIES": "push_web first_pause=0.5",
    }
    return serve(environ=environ)


def all_is_done(server: ServerProcess) -> bool:
    return (
        server.metric("appliance_notices_behind") == 0
        and [
            job
            for job in server.json("jobs", "list")
            if job["queue"].startswith(("push_", "missedmessage_mobile"))
        ]
        == []
    )


def test_a_browser_shows_what_was_missed_and_takes_it_away_when_it_was_read(
    pushing: ServerProcess, service: WebPushService
) -> None:
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    browser = service.browser()
    cordelia.ask("POST", BROWSERS, **browser.subscription)
    message_id = hamlet.send(cordelia, "Where are **you**?")
    until(lambda: service.delivered)
    (shown,) = service.delivered
    assert shown.content["kind"] == "add"
    assert shown.content["message_ids"] == [message_id]
    assert (shown.content["title"], shown.content["body"]) == ("hamlet", "Where are you?")
    assert shown.content["link"].startswith(server.url)
    cordelia.ask("POST", "/messages/flags", messages=[message_id], op="add", flag="read")
    until(lambda: len(service.delivered) == 2)
    assert service.delivered[1].content == {"kind": "remove", "message_ids": [message_id]}


def test_an_address_of_ones_own(pushing: ServerProcess, ntfy: NtfyServer) -> None:
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    app = Browser(ntfy.topic("app"))
    cordelia.ask("POST", ADDRESSES, url=ntfy.topic("mine"))
    cordelia.ask("POST", ADDRESSES, url=app.endpoint, form="unifiedpush", **app.keys)
    hamlet.send(cordelia, "Grüße")
    until(lambda: len(ntfy.posted) == 2)
    (message,) = ntfy.published
    assert (message.topic, message.title, message.message) == ("mine", "hamlet", "Grüße")
    (encrypted,) = [each for each in ntfy.posted if each.path == "/app"]
    assert "Grüße".encode() in app.read(encrypted.body)


def test_a_browser_that_is_gone_is_forgotten(pushing: ServerProcess, service: WebPushService) -> None:
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    browser = service.browser()
    cordelia.ask("POST", BROWSERS, **browser.subscription)
    service.forget(browser)
    hamlet.send(cordelia, "hello")
    until(lambda: cordelia.ask("GET", "/appliance/devices")["devices"] == [])
    assert len(service.posted) == 1


def test_a_service_that_hangs_keeps_no_other_road_waiting(
    pushing: ServerProcess, service: WebPushService, ntfy: NtfyServer
) -> None:
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    service.reply = Reply(how="hangs")
    cordelia.ask("POST", BROWSERS, **service.browser().subscription)
    cordelia.ask("POST", ADDRESSES, url=ntfy.topic("mine"))
    for number in range(10):
        hamlet.send(cordelia, f"message {number}")
    until(lambda: len(ntfy.published) == 10, 9.0)
    assert service.delivered == []


def test_a_redirect_into_a_private_network_is_not_followed(
    pushing: ServerProcess, ntfy: NtfyServer, service: WebPushService
) -> None:
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    ntfy.reply = Reply(307, {"Location": f"{server.url}/api/v1/users"})
    cordelia.ask("POST", ADDRESSES, url=ntfy.topic("mine"))
    hamlet.send(cordelia, "hello")
    until(lambda: cordelia.ask("GET", ADDRESSES)["addresses"][0]["error"])
    assert "leads elsewhere" in cordelia.ask("GET", ADDRESSES)["addresses"][0]["error"]
    assert len(ntfy.posted) == 1


@pytest.mark.parametrize(
    "point",
    [
        "appliance.outside.delivery:Delivery.post",
        "appliance.outside.delivery:Delivery._verdict",
    ],
)
def test_a_crash_on_the_way_loses_no_push(
    pushing: ServerProcess, service: WebPushService, point: str
) -> None:
    """After the hand-over it may come twice, with the same topic: the browser shows one."""
    server = pushing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    cordelia.ask("POST", BROWSERS, **service.browser().subscription)
    server.stop()
    server.start(die_in(point))
    message_id = hamlet.send(cordelia, "hello")
    server.crash()
    server.start()
    until(lambda: all_is_done(server))
    assert {tuple(each.content["message_ids"]) for each in service.delivered} == {(message_id,)}
    assert len({each.posted.headers["topic"] for each in service.delivered}) == 1
    assert len({each.content["tag"] for each in service.delivered}) == 1
