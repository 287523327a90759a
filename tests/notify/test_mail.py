"""The words of mails. Whole ones are compared with the files in golden/; after a change that is meant, write
these anew with UPDATE_GOLDEN=1 and look at the difference."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.model.markdown import render
from appliance.model.message import Message, Person
from appliance.model.realm import Realm
from appliance.model.user import Role, User
from appliance.notify.mail import MOST_SHOWN, Missed, compose, conversation_link, one_line
from tests.notify.test_content import Names

GOLDEN = Path(__file__).with_name("golden")
URL = "https://chat.example.org"
NOW = 1_700_000_600.5
REALM = Realm("6a1c", "Bees & Co", "", 1_600_000_000, {})
ME = User(
    7, "me@example.org", "Me Myself", Role.MEMBER, True, None, None, False, "key", None, 1_600_000_000, {}
)
MYSELF = Person(7, "me@example.org", "Me Myself")
ANN, BOB, CYD, DAN, EVE = (
    Person(number, f"{name.lower()}@example.org", f"{name} Miller")
    for number, name in enumerate(("Ann", "Bob", "Cyd", "Dan", "Eve"), 11)
)
HIDING = {"message_content_in_email_notifications": False}


def direct(number: int, sender: Person, content: str, *others: Person) -> Message:
    """To me and `others`, and the sender."""
    people = tuple(sorted({MYSELF, sender, *others}, key=lambda each: each.id))
    html = render(content, Names()).html
    recipient_id = 4 if others else 3
    return Message(number, sender, recipient_id, "", content, html, 1_700_000_000, "website", people=people)


def in_channel(number: int, sender: Person, content: str, topic: str = "lunch plans") -> Message:
    html = render(content, Names()).html
    return Message(number, sender, 5, topic, content, html, 1_700_000_000, "website", 2, "general chat")


def missed(*messages: Message, user: User = ME, context: tuple[Message, ...] = ()) -> Missed:
    trigger = "direct_message" if messages[0].is_direct else "mentioned"
    return Missed(user, list(messages), list(context), frozenset({trigger}))


def mail(*messages: Message, realm: Realm = REALM, **settings: Any) -> dict[str, Any]:
    return compose(missed(*messages, user=replace(ME, settings=settings)), realm, URL, NOW)


# -- whole mails

DIRECT = missed(
    direct(101, ANN, "Are you there?"),
    direct(102, ANN, "See [the plan](/user_uploads/2/plan.pdf) :smile:\n\n> quoted\n\n- one\n- two"),
)
GROUP = missed(
    direct(201, ANN, "first", BOB),
    direct(202, ANN, "second", BOB),
    direct(203, BOB, "```py\nif x < 1:\n    pass\n```", ANN),
)
MENTION = missed(
    in_channel(303, BOB, "@**Me Myself** what do you say to #**general chat>lunch plans**?"),
    in_channel(304, BOB, "```spoiler the menu\nhoney\n```"),
    context=(in_channel(301, ANN, "We could go to the *Hive*."), in_channel(302, BOB, "a < b & c")),
)
HIDDEN = missed(direct(401, ANN, "secret"), user=replace(ME, settings=HIDING))


@pytest.mark.parametrize(
    ("name", "about"),
    [("direct", DIRECT), ("group", GROUP), ("channel_mention", MENTION), ("hidden", HIDDEN)],
)
def test_whole_mail(name: str, about: Missed) -> None:
    composed = compose(about, REALM, URL, NOW)
    heads = {"Subject": composed["subject"], "From": composed["from_name"], **composed["headers"]}
    plain = "".join(f"{header}: {value}\n" for header, value in heads.items()) + "\n" + composed["text"]
    for file, made in ((f"{name}.txt", plain), (f"{name}.html", composed["html"])):
        if os.environ.get("UPDATE_GOLDEN"):
            (GOLDEN / file).write_text(made, "utf-8")
        assert made == (GOLDEN / file).read_text("utf-8")


# -- subjects and links


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        (direct(1, ANN, "x"), "DMs with Ann Miller"),
        (direct(1, ANN, "x", BOB), "Group DMs with Ann Miller and Bob Miller"),
        (direct(1, CYD, "x", BOB, ANN), "Group DMs with Ann Miller, Bob Miller, and Cyd Miller"),
        (direct(1, CYD, "x", BOB, ANN, DAN), "Group DMs with Ann Miller, Bob Miller, and 2 others"),
        (direct(1, CYD, "x", BOB, ANN, DAN, EVE), "Group DMs with Ann Miller, Bob Miller, and 3 others"),
        (in_channel(1, ANN, "x"), "#general chat > lunch plans"),
        (in_channel(1, ANN, "x", "✔ lunch plans"), "[resolved] #general chat > lunch plans"),
        (in_channel(1, ANN, "x", ""), "#general chat > general chat"),
    ],
)
def test_subject(message: Message, subject: str) -> None:
    assert mail(message)["subject"] == subject


@pytest.mark.parametrize(("policy", "suffix"), [(1, ""), (2, " [Bees & Co]"), (3, "")])
def test_the_realms_name_in_the_subject(policy: int, suffix: str) -> None:
    composed = mail(direct(1, ANN, "x"), realm_name_in_email_notifications_policy=policy)
    assert composed["subject"] == f"DMs with Ann Miller{suffix}"


@pytest.mark.parametrize(
    ("message", "link"),
    [
        (direct(9, ANN, "x"), "dm/11-Ann-Miller/near/9"),
        (direct(9, ANN, "x", BOB), "dm/11,12-group/near/9"),
        (in_channel(9, ANN, "x"), "channel/2-general-chat/topic/lunch.20plans/near/9"),
        (in_channel(9, ANN, "x", ""), "channel/2-general-chat/topic//near/9"),
        (in_channel(9, ANN, "x", "a.b/ä?"), "channel/2-general-chat/topic/a.2Eb.2F.C3.A4.3F/near/9"),
    ],
)
def test_link(message: Message, link: str) -> None:
    assert conversation_link(message, ME, URL) == f"{URL}/#narrow/{link}"
    assert f"{URL}/#narrow/{link}" in mail(message)["text"]


# -- headers


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain", "plain"),
        ("a\r\nBcc: x@y.test", "a Bcc: x@y.test"),
        ("a\nb\rc\vd\fe\x1cf\x85g\u2028h\u2029i\0j\x7fk", "a b c d e f g h i j k"),
        ("  wide   gaps ", "wide gaps"),
        ("\ud800half", "half"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_no_name_makes_a_header_of_its_own() -> None:
    evil = "x\r\nBcc: all@example.org\r\n\r\nbody"
    sender = Person(11, "ann@example.org", evil)
    bad = replace(in_channel(1, sender, "x", evil), channel_name=evil)
    named = {"realm_name_in_email_notifications_policy": 2}
    for message in (bad, direct(1, sender, "x"), direct(1, sender, "x", BOB)):
        composed = mail(message, realm=replace(REALM, name=evil), **named)
        for value in (composed["subject"], composed["from_name"], *composed["headers"].values()):
            assert value.splitlines() == [value]


def test_the_id_of_a_mail_is_its_own_and_stays() -> None:
    first, second = direct(1, ANN, "x"), direct(2, ANN, "y")

    def message_id(*messages: Message) -> str:
        return str(mail(*messages)["headers"]["Message-ID"])

    assert message_id(first) == message_id(first)
    assert len({message_id(first), message_id(second), message_id(in_channel(3, ANN, "z"))}) == 3
    for_ann = compose(missed(first, user=replace(ME, id=8)), REALM, URL, NOW)
    assert for_ann["headers"]["Message-ID"] != message_id(first)


def test_mails_of_one_conversation_are_one_thread() -> None:
    def thread(message: Message) -> str:
        return str(mail(message)["headers"]["References"])

    assert thread(in_channel(1, ANN, "x")) == thread(in_channel(2, BOB, "y", "Lunch PLANS"))
    assert thread(in_channel(1, ANN, "x")) != thread(in_channel(1, ANN, "x", "dinner"))
    assert thread(in_channel(1, ANN, "x")) != thread(direct(1, ANN, "x"))


# -- what is shown


def test_two_people_of_one_name_are_two_blocks() -> None:
    namesake = Person(99, "other@example.org", ANN.full_name)
    text = mail(in_channel(1, ANN, "x"), in_channel(2, namesake, "y"))["text"]
    assert text.startswith("Ann Miller:\n> x\n\nAnn Miller:\n> y\n")


def test_a_mail_has_an_end() -> None:
    composed = mail(*(direct(number, ANN, "x") for number in range(1, MOST_SHOWN + 4)))
    assert composed["text"].count("> x\n") == MOST_SHOWN
    assert "… and 3 more messages." in composed["text"]
    assert "… and 3 more messages." in composed["html"]


@pytest.mark.parametrize(
    ("realm_settings", "user_settings", "who"),
    [
        ({"message_content_allowed_in_email_notifications": False}, {}, "This organization"),
        ({}, HIDING, "You have chosen"),
    ],
)
@pytest.mark.parametrize("about", [DIRECT, GROUP, MENTION])
def test_hidden_content_must_not_show(
    about: Missed, realm_settings: dict[str, bool], user_settings: dict[str, bool], who: str
) -> None:
    reader = replace(ME, settings=user_settings)
    composed = compose(replace(about, user=reader), replace(REALM, settings=realm_settings), URL, NOW)
    count = len(about.messages)
    assert composed["text"].startswith(f"You have {count} new messages. {who}")
    assert composed["subject"] == "New messages"
    for secret in ("Ann", "Bob", "general", "lunch", "narrow", "there", "second", "Hive"):
        assert secret not in str(composed)


def test_markup_in_names_is_only_text() -> None:
    sender = Person(11, "ann@example.org", "<b>Ann</b> & {co}")
    html = mail(in_channel(1, sender, "x", "<i>{topic}</i>"))["html"]
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; {co}" in html
    assert "<title>#general chat &gt; &lt;i&gt;{topic}&lt;/i&gt;</title>" in html
