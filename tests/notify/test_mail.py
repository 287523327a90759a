"""The words of mails. Whole ones are compared with the files in golden/; after a change that is meant, write
these anew with UPDATE_GOLDEN=1 and look at the difference."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.model.message import Message, Person
from appliance.model.realm import Realm
from appliance.notify import conversation
from appliance.notify.mail import MOST_SHOWN, Missed, compose, one_line
from appliance.notify.reason import GROUP_MENTIONED, REASONS, UNNAMED
from tests.notify.missed import (
    ANN,
    BOB,
    CYD,
    DAN,
    DIRECT,
    EVE,
    GROUP,
    HIDDEN_GROUP,
    HIDING,
    MAILS,
    ME,
    MENTION,
    NOW,
    REALM,
    SITE,
    URL,
    direct,
    in_channel,
    missed,
)

GOLDEN = Path(__file__).with_name("golden")


def mail(*messages: Message, realm: Realm = REALM, **settings: Any) -> dict[str, Any]:
    return compose(missed(*messages, user=replace(ME, settings=settings)), replace(SITE, realm=realm), NOW)


# -- whole mails


@pytest.mark.parametrize(("name", "about"), MAILS.items())
# checklist 9
def test_whole_mail(name: str, about: Missed) -> None:
    composed = compose(about, SITE, NOW)
    heads = {"Subject": composed["subject"], "From": composed["from_name"], **composed["headers"]}
    plain = "".join(f"{header}: {value}\n" for header, value in heads.items()) + "\n" + composed["text"]
    for file, made in ((f"{name}.txt", plain), (f"{name}.html", composed["html"])):
        if os.environ.get("UPDATE_GOLDEN"):
            (GOLDEN / file).write_bytes(made.encode())
        assert made.encode() == (GOLDEN / file).read_bytes()


def test_a_mail_that_its_realm_hides_says_so() -> None:
    realm = replace(REALM, settings={"message_content_allowed_in_email_notifications": False})
    assert "This organization does not let mails show" in mail(direct(1, ANN, "x"), realm=realm)["text"]


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
    assert conversation.url(message, ME, URL) == f"{URL}/#narrow/{link}"
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
    for_ann = compose(missed(first, user=replace(ME, id=8)), SITE, NOW)
    assert for_ann["headers"]["Message-ID"] != message_id(first)


def test_mails_of_one_conversation_are_one_thread() -> None:
    def thread(message: Message) -> str:
        return str(mail(message)["headers"]["References"])

    assert thread(in_channel(1, ANN, "x")) == thread(in_channel(2, BOB, "y", "Lunch PLANS"))
    assert thread(in_channel(1, ANN, "x")) == thread(in_channel(3, ANN, "z", "✔ lunch plans"))
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
    site = replace(SITE, realm=replace(REALM, settings=realm_settings))
    composed = compose(replace(about, user=reader), site, NOW)
    count = len(about.messages)
    assert composed["text"].startswith(f"You have {count} new messages. {who}")
    assert composed["subject"] == "New messages"
    for secret in ("Ann", "Bob", "general", "lunch", "narrow", "there", "second", "Hive"):
        assert secret not in str(composed)


def test_hidden_mails_do_not_even_tell_which_belong_together() -> None:
    def thread(message: Message) -> str:
        return str(mail(message, **HIDING)["headers"]["References"])

    assert thread(direct(1, ANN, "x")) == thread(direct(2, BOB, "x")) == thread(in_channel(3, ANN, "x"))


# -- why it came


def reason_of(about: Missed) -> str:
    """The first line below the text."""
    return str(compose(about, SITE, NOW)["text"]).split("\n--\n")[1].split("\n")[0]


# In the order of their precedence: of all those from one on, it is the one.
@pytest.mark.parametrize("position", range(len(REASONS)))
def test_the_first_reason_is_told(position: int) -> None:
    later = list(REASONS)[position:]
    about = missed(in_channel(1, ANN, "x"), triggers=" ".join(reversed(later)), group="bees")
    assert reason_of(about) == REASONS[later[0]].format(group="bees")


def test_of_a_direct_message_no_reason_is_told() -> None:
    assert reason_of(DIRECT).startswith("Read and answer in the chat: ")


def test_a_group_that_is_gone_has_no_name() -> None:
    assert reason_of(missed(in_channel(1, ANN, "x"), triggers=GROUP_MENTIONED)) == UNNAMED


def test_a_hidden_mail_does_not_name_the_group() -> None:
    assert reason_of(HIDDEN_GROUP) == UNNAMED
    assert "bees" not in str(compose(HIDDEN_GROUP, replace(SITE, realm=replace(REALM, name="Z")), NOW))


def test_markup_in_names_is_only_text() -> None:
    sender = Person(11, "ann@example.org", "<b>Ann</b> & {co}")
    html = mail(in_channel(1, sender, "x", "<i>{topic}</i>"))["html"]
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; {co}" in html
    assert "<title>#general chat &gt; &lt;i&gt;{topic}&lt;/i&gt;</title>" in html
