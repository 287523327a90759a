"""The road to addresses of people's own, with a server that reads as ntfy does."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from appliance.base.config import Config
from appliance.model.device import Device
from appliance.outside.breaker import Breakers
from appliance.outside.guard import Refused
from appliance.outside.ntfy import Ntfy, road
from appliance.outside.road import Outcome, Push, sent
from tests.outside.ntfy import NtfyServer
from tests.outside.post_sink import Reply
from tests.outside.web_push_service import Browser

MESSAGE = {
    "title": "#general > lunch",
    "message": "Ann: Grüße 💬",
    "click": "https://chat.example.org/#narrow/channel/1-general/topic/lunch/near/7",
    "tags": "speech_balloon",
    "priority": "high",
}
CONTENT = {"kind": "add", "message_ids": [7], "title": "#general > lunch", "body": "Ann: Grüße 💬"}
PAYLOAD: dict[str, Any] = {"ntfy": MESSAGE, "unifiedpush": CONTENT}


@pytest.fixture
def server() -> Iterator[NtfyServer]:
    with NtfyServer() as server:
        yield server


@pytest.fixture
def ntfy(server: NtfyServer, tmp_path: Path, breakers: Breakers) -> Iterator[Ntfy]:
    ntfy = road(Config.load(None, {"APPLIANCE_OUTSIDE_PRIVATE_HOSTS": server.server}), tmp_path, breakers)
    assert ntfy is not None
    yield ntfy
    ntfy.close()


def send(
    ntfy: Ntfy,
    url: str,
    payload: dict[str, Any] = PAYLOAD,
    form: str = "ntfy",
    keys: Mapping[str, str] = MappingProxyType({}),
) -> Outcome:
    device = Device(5, 1, "ntfy", url, {"form": form, **keys}, 0, 0)
    (outcome,) = ntfy.send([Push((device,), payload)], lambda: 10.0)
    return outcome


def test_as_a_message_of_ntfy(server: NtfyServer, ntfy: Ntfy) -> None:
    assert send(ntfy, server.topic("mine")) == sent()
    (found,) = server.published
    assert (found.topic, found.title, found.message) == ("mine", MESSAGE["title"], MESSAGE["message"])
    assert (found.click, found.tags, found.priority) == (MESSAGE["click"], ["speech_balloon"], "high")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("plain", "plain"),
        ("Grüße 💬", "Grüße 💬"),
        ("=?UTF-8?B?eA==?=", "=?UTF-8?B?eA==?="),
        ("two\r\nlines\x00\tX-Evil: 1", "two lines X-Evil: 1"),
        ("行" * 300, "行" * 300),
        ("", ""),
    ],
)
def test_titles(server: NtfyServer, ntfy: Ntfy, title: str, shown: str) -> None:
    assert send(ntfy, server.topic("mine"), {"ntfy": MESSAGE | {"title": title}}) == sent()
    (found,) = server.published
    assert found.title == shown
    assert "x-evil" not in found.posted.headers


def test_a_link_with_anything_in_it_stays_one_header(server: NtfyServer, ntfy: Ntfy) -> None:
    send(ntfy, server.topic("mine"), {"ntfy": MESSAGE | {"click": "https://x.org/ä b\r\nX-Evil: 1"}})
    (found,) = server.published
    assert found.click == "https://x.org/%C3%A4%20b%0D%0AX-Evil:%201"
    assert "x-evil" not in found.posted.headers


def test_what_ntfy_cannot_take_back_is_not_sent(server: NtfyServer, ntfy: Ntfy) -> None:
    assert send(ntfy, server.topic("mine"), {"ntfy": None, "unifiedpush": CONTENT}) == sent(0)
    assert server.posted == []


def test_as_json_to_a_unifiedpush_app(server: NtfyServer, ntfy: Ntfy) -> None:
    assert send(ntfy, server.topic("upABC?up=1"), form="unifiedpush") == sent()
    (found,) = server.published
    assert found.json() == CONTENT
    assert (found.posted.headers["ttl"], found.posted.headers["urgency"]) == ("86400", "high")


def test_encrypted_to_a_unifiedpush_app(server: NtfyServer, ntfy: Ntfy) -> None:
    browser = Browser(server.topic("up"))
    assert send(ntfy, browser.endpoint, form="unifiedpush", keys=browser.keys) == sent()
    (posted,) = server.posted
    assert json.loads(browser.read(posted.body)) == CONTENT
    assert (posted.headers["content-encoding"], posted.headers["ttl"]) == ("aes128gcm", "86400")
    assert "authorization" not in posted.headers


def test_keys_that_are_none(server: NtfyServer, ntfy: Ntfy) -> None:
    outcome = send(ntfy, server.topic("up"), form="unifiedpush", keys={"p256dh": "AAAA", "auth": "AAAA"})
    assert (outcome.kind, server.posted) == ("failed", [])


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(Reply(404), "gone"), (Reply(410), "gone"), (Reply(429), "later"), (Reply(507), "later"),
     (Reply(403), "failed"), (Reply(307, {"Location": "http://127.0.0.1:1/"}), "failed"),
     (Reply(how="closes"), "later")],
)  # fmt: skip
def test_what_it_answers(server: NtfyServer, ntfy: Ntfy, reply: Reply, kind: str) -> None:
    server.reply = reply
    assert send(ntfy, server.topic("mine")).kind == kind


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/secret", "http://169.254.169.254/secret", "secret"])
def test_private_addresses(ntfy: Ntfy, url: str) -> None:
    with pytest.raises(Refused):
        ntfy.check(url)
    outcome = send(ntfy, url)
    assert (outcome.kind, "secret" in outcome.reason) == ("failed", False)


def test_addresses_that_are_taken(server: NtfyServer, ntfy: Ntfy) -> None:
    for url in ("https://ntfy.sh/mine", "http://ntfy.example.org/mine", server.topic("mine")):
        ntfy.check(url)


def test_switched_off(tmp_path: Path, breakers: Breakers) -> None:
    assert road(Config.load(None, {"APPLIANCE_PUSH_NTFY": "false"}), tmp_path, breakers) is None

