"""What is pushed, in the forms of Apple's service and of Google's. Whole ones are compared with golden files;
after a change that is meant, write these anew with UPDATE_GOLDEN=1 and look at the difference."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.model.markdown import render
from appliance.model.message import Message, Person
from appliance.model.realm import Realm
from appliance.model.user import Role, User
from appliance.notify.push import apns, compose, fcm
from appliance.notify.push.compose import MentionedGroup, Place, added, removed
from appliance.notify.push.notification import MOST_REMOVED, Notification
from tests.notify.test_content import Names

GOLDEN = Path(__file__).parents[1] / "golden"
REALM = Realm("6a1c", "Bees & Co", "", 1_600_000_000, {})
PLACE = Place(REALM, "https://chat.example.org:8443")
ME = User(
    7,
    "me@example.org",
    "Me Myself",
    Role.MEMBER,
    True,
    None,
    None,
    False,
    "5ec2e7key",
    None,
    1_600_000_000,
    {},
)
MYSELF, ANN, BOB = (
    Person(number, f"{name.lower()}@example.org", name)
    for number, name in ((7, "Me Myself"), (11, "Ann"), (3, "Bob"))
)
BEES = MentionedGroup(12, "bees")


def direct(content: str, *others: Person) -> Message:
    people = tuple(sorted({MYSELF, ANN, *others}, key=lambda each: each.id))
    html = render(content, Names()).html
    return Message(991, ANN, 4, "", content, html, 1_700_000_000, "website", people=people)


def in_channel(content: str, topic: str = "lunch") -> Message:
    html = render(content, Names()).html
    return Message(991, ANN, 5, topic, content, html, 1_700_000_000, "website", 2, "general")


LONG = "> said before\n\n**No** " + "x" * 300
KINDS = {
    "direct": added(direct("Are you there? :smile:"), ME, "direct_message", PLACE),
    "group_direct": added(direct("hello", BOB), ME, "direct_message", PLACE),
    "mention": added(in_channel("@**Me Myself** hello"), ME, "mentioned", PLACE),
    "group_mention": added(in_channel("@*bees* hello"), ME, "mentioned", PLACE, BEES),
    "wildcard": added(in_channel("@**all** hello", ""), ME, "stream_wildcard_mentioned", PLACE),
    "long": added(in_channel(LONG), ME, "stream_push_notify", PLACE),
    "redacted": added(in_channel(LONG), ME, "followed_topic_push_notify", replace(PLACE, redact=True)),
    "remove": removed(7, [3, 1, 2], PLACE),
    "test": compose.tested(ME, PLACE),
}


# checklist 8
@pytest.mark.parametrize("kind", KINDS)
def test_whole_pushes(kind: str) -> None:
    golden = GOLDEN / f"push_{kind}.json"
    made = {"apns": apns.payload(KINDS[kind]), "fcm": fcm.payload(KINDS[kind])}
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    assert made == json.loads(golden.read_text())


@pytest.mark.parametrize("kind", KINDS)
def test_google_gets_nothing_but_strings(kind: str) -> None:
    assert {type(value) for value in fcm.payload(KINDS[kind]).values()} == {str}


# checklist 255
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_persons_own_is_in_it(kind: str) -> None:
    text = json.dumps([apns.payload(KINDS[kind]), fcm.payload(KINDS[kind])])
    assert ME.api_key not in text
    assert ME.delivery_email not in text


SUBTITLES = [
    ("mentioned", None, "Ann mentioned you:"),
    ("mentioned", BEES, "Ann mentioned @bees:"),
    ("topic_wildcard_mentioned_in_followed_topic", None, "Ann mentioned everyone:"),
    ("stream_wildcard_mentioned_in_followed_topic", None, "Ann mentioned everyone:"),
    ("topic_wildcard_mentioned", None, "Ann mentioned everyone:"),
    ("stream_wildcard_mentioned", None, "Ann mentioned everyone:"),
    ("followed_topic_push_notify", None, "Ann:"),
    ("stream_push_notify", None, "Ann:"),
]


@pytest.mark.parametrize(("trigger", "group", "subtitle"), SUBTITLES)
def test_the_subtitle_says_why(trigger: str, group: MentionedGroup | None, subtitle: str) -> None:
    assert added(in_channel("hello"), ME, trigger, PLACE, group).subtitle == subtitle


def test_direct_messages_say_who_and_with_whom() -> None:
    alone = added(direct("hello"), ME, "direct_message", PLACE)
    assert (alone.title, alone.subtitle) == ("Ann", "")
    group = added(direct("hello", BOB), ME, "direct_message", PLACE)
    assert (group.title, group.subtitle) == ("Ann, Bob, Me Myself", "Ann:")
    assert group.common["pm_users"] == "3,7,11"
    assert "pm_users" not in alone.common


def test_a_direct_message_to_oneself() -> None:
    me = Message(991, MYSELF, 4, "", "x", "<p>x</p>", 1, "website", people=(MYSELF,))
    assert added(me, ME, "direct_message", PLACE).title == "Me Myself"


def test_a_push_of_a_large_group_fits() -> None:
    """Into the 4096 bytes that Apple's service takes, and Google's."""
    people = [Person(100_000 + number, "x", "🐝" * 100) for number in range(70)]
    said = added(direct("🐝" * 300, *people), ME, "direct_message", PLACE)
    for payload in (apns.payload(said), fcm.payload(said)):
        assert len(json.dumps(payload, ensure_ascii=False).encode()) <= 4096


def test_braces_in_names_are_no_places() -> None:
    odd = replace(in_channel("hello"), sender=Person(11, "a@example.org", "{name} {0}"))
    assert added(odd, ME, "mentioned", PLACE).subtitle == "{name} {0} mentioned you:"


# checklist 250
def test_redaction_hides_what_but_not_where() -> None:
    hidden = added(in_channel("secret"), ME, "mentioned", replace(PLACE, redact=True))
    assert (hidden.title, hidden.body, hidden.truncated) == ("#general > lunch", "New message", False)
    assert "secret" not in json.dumps([apns.payload(hidden), fcm.payload(hidden)])


def test_no_more_than_200_are_removed_and_the_newest() -> None:
    made = removed(7, list(range(1, 300)), PLACE)
    assert made.message_ids == tuple(range(300 - MOST_REMOVED, 300))
    (ids,) = {form(made)["zulip_message_ids"] for form in (fcm.payload, _apple_fields)}
    assert len(ids.split(",")) == MOST_REMOVED


def _apple_fields(notification: Notification) -> dict[str, Any]:
    fields: dict[str, Any] = apns.payload(notification)["custom"]["zulip"]
    return fields


def test_conversations_have_tags_of_their_own_that_say_nothing() -> None:
    tags = [
        added(message, ME, "mentioned", PLACE).tag
        for message in (in_channel("x"), in_channel("y", "LUNCH"), in_channel("x", "dinner"), direct("x"))
    ]
    assert tags[0] == tags[1]
    assert len(set(tags)) == 3
    assert all(set(tag) <= set("0123456789abcdef") for tag in tags)


def test_the_link_leads_to_the_message() -> None:
    link = added(in_channel("x"), ME, "mentioned", PLACE).link
    assert link.startswith("https://chat.example.org:8443/#narrow/")
    assert link.endswith("/near/991")
