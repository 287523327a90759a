import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from appliance.model.realm import Realm
from appliance.notify.language import spoken
from appliance.notify.letter import Mailbox, Sender, build, mailbox
from appliance.notify.mail_job import read
from appliance.notify.template import Unsendable

NOREPLY, SUPPORT = "noreply@chat.test", "help@chat.test"
NOW = 1_700_000_000
REALM = Realm("c0ffee", "Bees", "", 0, {})
SENDER = Sender(REALM, "https://chat.test", NOREPLY, SUPPORT)
ANN = Mailbox("Ann Miller", "ann.miller@example.org")
HEADERS = {
    "Message-ID": "<1f@chat.test>",
    "References": "<9c@threads.invalid>",
    "List-Id": "Bees <chat.test>",
    "X-Auto-Response-Suppress": "All",
}


def mail(**changes: Any) -> dict[str, Any]:
    """What notify/mail.py composes."""
    return {
        "to_user_ids": [7],
        "from_name": "Bees notifications",
        "subject": "DMs with Bob",
        "date": NOW,
        "text": "> hello\n",
        "html": "<p>hello</p>\n",
        "headers": HEADERS,
        **changes,
    }


def built(event: dict[str, Any], *to: Mailbox, number: int = 1, language: str = "en") -> EmailMessage:
    return build(read(event), list(to) or [ANN], SENDER, spoken(language), number=number, now=NOW)


def received(event: dict[str, Any], *to: Mailbox, **how: Any) -> EmailMessage:
    """As a mail program reads it."""
    reading = message_from_bytes(built(event, *to, **how).as_bytes(), policy=default)
    assert isinstance(reading, EmailMessage)
    return reading


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


# checklist 269
def test_headers() -> None:
    sent = received(mail())
    assert dict(sent.items()) | {"Content-Type": None} == {
        "Date": "Tue, 14 Nov 2023 22:13:20 +0000",
        "From": f"Bees notifications <{NOREPLY}>",
        "To": "Ann Miller <ann.miller@example.org>",
        "Reply-To": NOREPLY,
        "Subject": "DMs with Bob",
        "Content-Language": "en",
        **HEADERS,
        "MIME-Version": "1.0",
        "Content-Type": None,
    }


def test_both_bodies_survive_any_script_and_any_length() -> None:
    text, html = "> grüße 🙂 " + "x" * 3000 + "\n.\nFrom here\n", "<p>日本語</p>" * 500 + "\n"
    read = received(mail(text=text, html=html))
    assert read.get_content_type() == "multipart/alternative"
    plain, rich = read.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    assert plain.get_content().replace("\r\n", "\n") == text
    assert rich.get_content().replace("\r\n", "\n") == html


def test_nothing_but_ascii_and_short_lines_goes_over_the_wire() -> None:
    subject = "#allgemein > " + "Größe und Köln " * 8
    sent = built(mail(subject=subject, text="ü" * 2000)).as_bytes()
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("subject", ["#q&a > 日本語の件名 " * 6, "x" * 250, "DMs with Ö", "a: b; c=?d?= <e>"])
def test_a_subject_arrives_as_it_is(subject: str) -> None:
    assert received(mail(subject=subject.strip()))["Subject"] == subject.strip()


LONG = "https://chat.example.org/" + "very-long-path/" * 20


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("List-Unsubscribe", f"<{LONG}>"),
        ("List-Id", f"Bees <{'chat.' * 30}example.org>"),
        ("List-Id", "=?utf-8?q?K=C3=B6ln?= <chat.example.org>"),
        ("References", f"<{'9c' * 60}@threads.invalid>"),
    ],
)
def test_what_machines_read_is_never_encoded(name: str, value: str) -> None:
    sent = built(mail(headers={name: value})).as_bytes().decode()
    assert f"\r\n{name}: {value}\r\n" in sent


def test_a_header_that_is_not_ascii_is_encoded() -> None:
    event = mail(headers={"List-Id": "Köln <chat.example.org>"})
    assert built(event).as_bytes().isascii()
    assert received(event)["List-Id"] == "Köln <chat.example.org>"


@pytest.mark.parametrize("host", ["localhost", "ec2-198-51-100-7.eu-central-1.compute.amazonaws.example.org"])
def test_ids_are_never_broken_up(host: str) -> None:
    headers = {"Message-ID": f"<{'0f' * 16}@{host}>", "References": f"<{'9c' * 16}@threads.invalid>"}
    sent = built(mail(headers=headers)).as_bytes().decode()
    for name, value in headers.items():
        assert f"\r\n{name}: {value}\r\n" in sent


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ann@example.org", "ann@example.org"),
        ("o'hara+chat@example.org", "o'hara+chat@example.org"),
        ("ann@köln.example", "ann@xn--kln-sna.example"),
    ],
)
def test_addresses(address: str, written: str) -> None:
    (box,) = received(mail(), Mailbox("Ann Ö., Jr. (she)", address))["To"].addresses
    assert (box.display_name, box.addr_spec) == ("Ann Ö., Jr. (she)", written)


def test_a_name_too_long_for_a_mailbox_is_left_out() -> None:
    assert received(mail(), replace(ANN, name="Ö" * 100))["To"] == "ann.miller@example.org"


# "To:", the name and "<ann.miller@example.org>" in a line each, and their ends: 320 bytes at the most
@pytest.mark.parametrize(("length", "fits"), [(285, True), (286, False)])
def test_how_long_a_name_may_be(length: int, fits: bool) -> None:
    (box,) = received(mail(), replace(ANN, name="x" * length))["To"].addresses
    assert box.display_name == ("x" * length if fits else "")


@pytest.mark.parametrize("address", ["a..b@example.org", "jürgen@example.org", "a@b..c", "", "nobody"])
def test_an_address_that_no_mail_can_be_sent_to(address: str) -> None:
    with pytest.raises(Unsendable, match="no mail can be sent to"):
        built(mail(), Mailbox("", address))


def test_nothing_gets_out_of_its_header() -> None:
    sent = received(
        mail(subject="a\r\nBcc: x@y", from_name="b\nBcc: x@y", headers={"List-Id": "c\r\nBcc: x@y"}),
        Mailbox("d\r\nBcc: x@y", "d@example.org"),
    )
    assert sent["Bcc"] is None
    assert sent["Subject"] == "a Bcc: x@y"


@pytest.mark.parametrize("more", ["", " ü"])
def test_what_looks_encoded_is_no_way_out_either(more: str) -> None:
    """Names and topics are anybody's words: they would bring headers, bodies and recipients of their own."""
    word = f"=?utf-8?{{}}?a=40example.org=2C=0D=0ABcc:_x=40y?={more}"
    sent = received(
        mail(subject=word.format("Q"), from_name=word.format("q")), replace(ANN, name=word.format("q"))
    )
    assert sent["Bcc"] is None
    assert "example.org=2C=0D" in sent["Subject"]
    assert [each.addr_spec for each in sent["To"].addresses] == [ANN.address]
    assert [each.addr_spec for each in sent["From"].addresses] == [NOREPLY]


# -- from whom, and where answers go


@pytest.mark.parametrize(
    ("given", "sender", "reply_to"),
    [
        ({}, NOREPLY, NOREPLY),
        ({"from_address": "NO_REPLY"}, NOREPLY, NOREPLY),
        ({"from_address": NOREPLY}, NOREPLY, NOREPLY),
        ({"from_address": "SUPPORT"}, SUPPORT, None),
        ({"from_address": "ops@chat.test"}, "ops@chat.test", None),
        ({"reply_to_email": "Chat <mm0f@chat.test>"}, NOREPLY, "Chat <mm0f@chat.test>"),
        ({"from_address": "SUPPORT", "reply_to_email": "a@b.test"}, SUPPORT, "a@b.test"),
    ],
)
def test_places(given: dict[str, str], sender: str, reply_to: str | None) -> None:
    sent = received(mail(**given))
    assert sent["From"] == f"Bees notifications <{sender}>"
    assert sent["Reply-To"] == reply_to


def test_a_tokenized_address_is_another_each_time() -> None:
    sent = [received(mail(from_address="TOKENIZED_NO_REPLY")) for _ in range(2)]
    addresses = [each["From"].addresses[0].addr_spec for each in sent]
    assert all(re.fullmatch(r"noreply-[0-9a-f]{24}@chat\.test", address) for address in addresses)
    assert addresses[0] != addresses[1]
    assert [each["Reply-To"] for each in sent] == [NOREPLY] * 2


@pytest.mark.parametrize(("given", "name"), [(None, "Bees notifications"), ("Ops", "Ops"), ("", "")])
def test_the_name(given: str | None, name: str) -> None:
    assert received(mail(from_name=given))["From"].addresses[0].display_name == name


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("a@b.test", Mailbox("", "a@b.test")),
        ("Ann <a@b.test>", Mailbox("Ann", "a@b.test")),
        ('"Ann, M." <a@b.test>', Mailbox("Ann, M.", "a@b.test")),
    ],
)
def test_mailboxes(text: str, box: Mailbox) -> None:
    assert mailbox(text) == box


# -- templates


def test_a_template() -> None:
    event = {"to_user_ids": [7], "template_prefix": "emails/missed_message", "context": {}}
    sent = received(event)
    assert sent["Subject"] == "New messages"
    assert plain(sent) == "You have new messages.\n\nRead and answer in the chat: https://chat.test\n"
    assert sent["Date"].datetime.timestamp() == NOW
    assert sent["X-Auto-Response-Suppress"] == "All"


def test_a_template_in_another_language() -> None:
    sent = received({"to_user_ids": [7], "template_prefix": "emails/welcome"}, language="de")
    assert (sent["Subject"], sent["Content-Language"]) == ("Willkommen bei Bees", "de")


def test_the_same_job_has_the_same_id() -> None:
    event = {"to_emails": ["a@b.test"], "template_prefix": "emails/welcome"}
    ids = [received(event, number=number)["Message-ID"] for number in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]
