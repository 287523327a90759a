from typing import Any

import orjson
import pytest

from appliance.notify.push import ntfy, web
from appliance.notify.push.notification import MOST_REMOVED, Notification

LINK = "https://chat.example.org/#narrow/channel/1-general/topic/lunch/near/7"
ADD = {
    "kind": "add",
    "message_ids": (7,),
    "title": "#general > lunch",
    "subtitle": "Ann mentioned you:",
    "body": "Grüße 💬",
    "sender_avatar_url": "https://chat.example.org/avatar/2",
    "link": LINK,
    "tag": "0123456789abcdef",
}


def notification(**fields: Any) -> Notification:
    return Notification(**{"user_id": 1, "realm_uuid": "", "common": {}, **ADD, **fields})


def test_an_add() -> None:
    assert web.payload(notification()) == {
        "kind": "add",
        "message_ids": [7],
        "title": "#general > lunch",
        "body": "Ann mentioned you: Grüße 💬",
        "tag": "0123456789abcdef",
        "link": LINK,
        "icon": "https://chat.example.org/avatar/2",
    }


def test_a_remove() -> None:
    assert web.payload(notification(kind="remove", message_ids=(7, 9))) == {
        "kind": "remove",
        "message_ids": [7, 9],
    }


def test_the_largest_remove_fits() -> None:
    ids = tuple(range(10**12, 10**12 + MOST_REMOVED))
    assert len(orjson.dumps(web.payload(notification(kind="remove", message_ids=ids)))) <= web.LARGEST


def test_without_a_subtitle() -> None:
    assert web.payload(notification(subtitle=""))["body"] == "Grüße 💬"


@pytest.mark.parametrize("letter", ["x", "ä", "行", "💬", '"', "\n", "\x01"])
@pytest.mark.parametrize(("title", "body"), [(10, 10_000), (10_000, 10), (10_000, 10_000), (1, 4000)])
def test_what_is_too_long_is_cut(letter: str, title: int, body: int) -> None:
    found = web.payload(notification(title=letter * title, body=letter * body))
    assert len(orjson.dumps(found)) <= web.LARGEST
    assert found["link"] == LINK
    assert found["title"].startswith(letter)


def test_what_fits_is_whole() -> None:
    empty = len(orjson.dumps(web.payload(notification(subtitle="", body=""))))
    body = "x" * (web.LARGEST - empty)
    assert web.payload(notification(subtitle="", body=body))["body"] == body
    cut = web.payload(notification(subtitle="", body=body + "x"))["body"]
    assert cut.endswith("…")
    assert len(cut) > len(body) - 8


# -- to addresses of people's own


def test_ntfy_gets_both_forms() -> None:
    found = ntfy.payload(notification())
    assert found["unifiedpush"] == web.payload(notification())
    assert found["ntfy"] == {
        "title": "#general > lunch",
        "message": "Ann mentioned you: Grüße 💬",
        "click": LINK,
        "tags": "speech_balloon",
        "priority": "default",
    }


def test_what_is_for_a_person_alone_is_more_pressing() -> None:
    personal = notification(common={"recipient_type": "private"})
    assert ntfy.payload(personal)["ntfy"]["priority"] == "high"


def test_ntfy_cannot_take_back() -> None:
    found = ntfy.payload(notification(kind="remove"))
    assert (found["ntfy"], found["unifiedpush"]["kind"]) == (None, "remove")


@pytest.mark.parametrize("letter", ["x", "💬"])
def test_a_message_of_ntfy_never_becomes_a_file(letter: str) -> None:
    message = ntfy.payload(notification(body=letter * 9000))["ntfy"]["message"]
    assert len(message.encode()) <= 4096
