"""The road to browsers, with a push service that decrypts and checks who sends."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.base.config import Config
from appliance.model.device import Device
from appliance.model.push_key import decoded
from appliance.outside import web_push as web_push_module
from appliance.outside.breaker import Breakers
from appliance.outside.guard import Refused
from appliance.outside.road import Outcome, Push, RoadUnusable, gone, sent
from appliance.outside.vapid import FILE_NAME
from appliance.outside.web_push import WebPush, road
from tests.outside.post_sink import Reply
from tests.outside.web_push_service import Browser, WebPushService, claims

CONTENT: dict[str, Any] = {"kind": "add", "message_ids": [7], "title": "Ann", "body": "Grüße 💬"}


@pytest.fixture
def service() -> Iterator[WebPushService]:
    with WebPushService() as service:
        yield service


def made(folder: Path, breakers: Breakers, **settings: str) -> WebPush | None:
    """As configured by APPLIANCE_…"""
    environ = {f"APPLIANCE_{name}": value for name, value in settings.items()}
    return road(Config.load(None, environ), folder, breakers)


@pytest.fixture
def web(service: WebPushService, tmp_path: Path, breakers: Breakers) -> Iterator[WebPush]:
    opened = {"OUTSIDE_PRIVATE_HOSTS": service.server, "PUSH_CONTACT": "admin@example.org"}
    web = made(tmp_path, breakers, **opened)
    assert web is not None
    yield web
    web.close()


def push(browser: Browser, **how: Any) -> Push:
    device = Device(5, 1, "web", browser.endpoint, browser.keys, 0, 0)
    return replace(Push((device,), CONTENT), **how)


def send(web: WebPush, browser: Browser, **how: Any) -> Outcome:
    (outcome,) = web.send([push(browser, **how)], lambda: 10.0)
    return outcome


def test_a_browser_reads_it(service: WebPushService, web: WebPush) -> None:
    browser = service.browser()
    assert send(web, browser) == sent()
    (delivered,) = service.delivered
    assert (delivered.browser, delivered.content) == (browser, CONTENT)
    assert CONTENT["body"].encode() not in delivered.posted.body


def test_several_in_their_order(service: WebPushService, web: WebPush) -> None:
    browsers = [service.browser() for _ in range(3)]
    service.forget(browsers[1])
    outcomes = web.send([push(each) for each in browsers], lambda: 10.0)
    assert [each.kind for each in outcomes] == ["sent", "gone", "sent"]
    assert [each.browser for each in service.delivered] == [browsers[0], browsers[2]]


def test_who_sends(service: WebPushService, web: WebPush) -> None:
    send(web, service.browser())
    posted = service.delivered[0].posted
    assert claims(posted, service.url)["sub"] == "mailto:admin@example.org"
    assert posted.headers["authorization"].endswith(f"k={web.application_server_key()}")


def test_one_token_serves_many_pushes(service: WebPushService, web: WebPush) -> None:
    for _ in range(3):
        send(web, service.browser())
    assert len({each.posted.headers["authorization"] for each in service.delivered}) == 1


@pytest.mark.parametrize(("urgent", "urgency"), [(True, "high"), (False, "normal")])
def test_headers(service: WebPushService, web: WebPush, urgent: bool, urgency: str) -> None:
    send(web, service.browser(), urgent=urgent)
    headers = service.delivered[0].posted.headers
    assert headers["urgency"] == urgency
    assert (headers["ttl"], headers["content-encoding"]) == ("86400", "aes128gcm")
    assert "topic" not in headers


def test_the_topic_is_the_same_for_the_same_tag_and_tells_nothing(
    service: WebPushService, web: WebPush
) -> None:
    ann, bob = service.browser(), service.browser()
    for browser, tag in [
        (ann, "general lunch"),
        (ann, "general lunch"),
        (ann, "other"),
        (bob, "general lunch"),
    ]:
        send(web, browser, tag=tag)
    topics = [each.posted.headers["topic"] for each in service.delivered]
    assert topics[0] == topics[1]
    assert len(set(topics)) == 3
    assert all(len(each) == 32 and len(decoded(each)) == 24 for each in topics)


def test_a_browser_that_unsubscribed_is_gone(service: WebPushService, web: WebPush) -> None:
    browser = service.browser()
    service.forget(browser)
    (device,) = push(browser).devices
    assert send(web, browser) == gone(device, f"{service.server} answered 404")


@pytest.mark.parametrize("status", [401, 403])
def test_who_sends_is_not_believed(service: WebPushService, web: WebPush, status: int) -> None:
    """RFC 8292, 4.2: the subscription may be another key's, or our clock wrong. The one cannot be told from
    the other, so the browser is not forgotten; the next push goes with a new token."""
    browser = service.browser()
    service.replies = [Reply(status)]
    outcome = send(web, browser)
    assert (outcome.kind, outcome.gone) == ("failed", ())
    assert send(web, browser) == sent()
    first, second = (posted.headers["authorization"] for posted in service.posted)
    assert first != second


def test_apple_gets_none_that_shows_nothing(web: WebPush) -> None:
    apple = Browser("https://web.push.apple.com/secret")
    assert send(web, apple, urgent=False) == sent(0)


def test_more_than_a_push_can_hold(service: WebPushService, web: WebPush) -> None:
    outcome = send(web, service.browser(), payload={"body": "x" * 4000})
    assert (outcome.kind, "more than 3993 bytes" in outcome.reason) == ("failed", True)
    assert service.posted == []


def test_keys_that_are_none(service: WebPushService, web: WebPush) -> None:
    device = Device(5, 1, "web", service.browser().endpoint, {"p256dh": "AAAA", "auth": "AAAA"}, 0, 0)
    assert send(web, service.browser(), devices=(device,)).kind == "failed"


def test_an_endpoint_in_a_private_network(web: WebPush) -> None:
    outcome = send(web, Browser("https://127.0.0.1:1/secret"))
    assert (outcome.kind, "secret" in outcome.reason) == ("failed", False)


@pytest.mark.parametrize("endpoint", ["http://push.example.org/1", "https://10.0.0.1/1", "nonsense"])
def test_endpoints_that_are_refused(web: WebPush, endpoint: str) -> None:
    with pytest.raises(Refused):
        web.check(endpoint)


def test_endpoints_that_are_taken(service: WebPushService, web: WebPush) -> None:
    for endpoint in ("https://fcm.googleapis.com/fcm/send/a:b", service.browser().endpoint):
        web.check(endpoint)


# -- at start


def test_switched_off(tmp_path: Path, breakers: Breakers) -> None:
    assert made(tmp_path, breakers, PUSH_WEB="false") is None


def test_on_by_itself_and_without_a_trace(tmp_path: Path, breakers: Breakers) -> None:
    assert made(tmp_path, breakers) is not None
    assert list(tmp_path.iterdir()) == []


def test_without_the_library(tmp_path: Path, breakers: Breakers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_push_module, "find_spec", lambda name: None)
    with pytest.raises(RoadUnusable, match="cryptography is missing"):
        made(tmp_path, breakers)


def test_a_broken_key(tmp_path: Path, breakers: Breakers) -> None:
    (tmp_path / FILE_NAME).write_text("broken")
    with pytest.raises(RoadUnusable, match="backup"):
        made(tmp_path, breakers)



def test_the_key_cannot_be_made_at_the_first_push(
    service: WebPushService, web: WebPush, tmp_path: Path
) -> None:
    (tmp_path / "vapid.pem.new").mkdir()
    outcome = send(web, service.browser())
    assert (outcome.kind, "cannot be written" in outcome.reason) == ("failed", True)
