from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from appliance.actions import user as user_actions
from appliance.base.errors import StorageError
from appliance.jobs.verdict import Drop, Fail, Retry
from appliance.model.user import User
from appliance.outside.mail import MailDeferred, MailRefused
from appliance.store.store import Store
from appliance.workers.email_senders import EmailSenders, build
from tests.workers.conftest import Team

NOREPLY = "noreply@chat.test"


class Letterbox:
    """A mailer that keeps what it gets, or raises what it is given to raise."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.error: Exception | None = None
        self.closed = False

    def send(self, message: EmailMessage) -> None:
        if self.error is not None:
            raise self.error
        self.mails.append(message)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def worker(store: Store, letterbox: Letterbox) -> EmailSenders:
    return EmailSenders(store, letterbox, NOREPLY)


def mail(*user_ids: int, **changes: Any) -> dict[str, Any]:
    """What notify/mail.py composes."""
    return {
        "to_user_ids": list(user_ids),
        "from_name": "Bees notifications",
        "subject": "DMs with Bob",
        "date": 1_700_000_000,
        "text": "> hello\n",
        "html": "<p>hello</p>\n",
        "headers": {
            "Message-ID": "<1f@chat.test>",
            "References": "<9c@threads.invalid>",
            "List-Id": "Bees <chat.test>",
            "X-Auto-Response-Suppress": "All",
        },
        **changes,
    }


def test_a_mail_is_sent_and_acknowledged_at_once(
    team: Team, worker: EmailSenders, letterbox: Letterbox
) -> None:
    worker.consume(team.enqueue("email_senders", mail(team.ann.id)))
    assert [each["To"] for each in letterbox.mails] == ["Ann Miller <ann.miller@example.org>"]
    assert team.waiting("email_senders") == []


@pytest.mark.parametrize(
    ("error", "verdict"),
    [(MailDeferred("later"), Retry), (StorageError("disk full"), Retry), (MailRefused("never"), Fail)],
)
def test_what_the_mailer_says_becomes_the_verdict(
    team: Team, worker: EmailSenders, letterbox: Letterbox, error: Exception, verdict: type[Exception]
) -> None:
    letterbox.error = error
    job = team.enqueue("email_senders", mail(team.ann.id))
    with pytest.raises(verdict, match=str(error)):
        worker.consume(job)
    assert team.waiting("email_senders") == [job]


def test_a_crash_after_sending_sends_the_same_mail_again(
    team: Team, worker: EmailSenders, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = team.enqueue("email_senders", mail(team.ann.id))
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_acknowledge", lambda job: None)
        worker.consume(job)
    worker.consume(team.job(job.id))
    assert [each["Message-ID"] for each in letterbox.mails] == ["<1f@chat.test>"] * 2
    assert team.waiting("email_senders") == []


def test_a_disk_that_takes_no_acknowledgement_does_not_send_again(
    team: Team, worker: EmailSenders, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = team.enqueue("email_senders", mail(team.ann.id))

    def full(*_: object, **__: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(worker._store, "write", full)
    worker.consume(job)
    assert len(letterbox.mails) == 1


def test_who_has_left_gets_no_mail(team: Team, worker: EmailSenders, letterbox: Letterbox) -> None:
    user_actions.deactivate(team.store, team.cyd)
    for user_id in (team.cyd.id, 4711):
        with pytest.raises(Drop):
            worker.consume(team.enqueue("email_senders", mail(user_id)))
    assert letterbox.mails == []


def test_mails_go_to_the_address_of_today(team: Team, worker: EmailSenders, letterbox: Letterbox) -> None:
    job = team.enqueue("email_senders", mail(team.ann.id))
    team.store.write(
        lambda transaction: transaction.execute(
            "UPDATE user SET delivery_email = 'new@example.org' WHERE id = ?", team.ann.id
        )
    )
    worker.consume(job)
    assert letterbox.mails[0]["To"] == "Ann Miller <new@example.org>"


def test_closing_closes_the_mailer(worker: EmailSenders, letterbox: Letterbox) -> None:
    worker.close()
    assert letterbox.closed


def test_a_mail_is_given_up_after_half_an_hour() -> None:
    policy = EmailSenders.policy
    assert policy.attempts == 8
    pauses = [min(policy.first_pause * 2**tries, policy.longest_pause) for tries in range(7)]
    assert max(pauses) == 600
    assert 1800 <= sum(pauses) <= 3600


# -- the mail itself


def received(sent: dict[str, Any], *recipients: User) -> EmailMessage:
    """As a mail program reads it."""
    message = build(sent, list(recipients), NOREPLY)
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def test_headers(team: Team) -> None:
    read = received(mail(team.ann.id), team.ann)
    assert dict(read.items()) | {"Content-Type": None} == {
        "Date": "Tue, 14 Nov 2023 22:13:20 +0000",
        "From": f"Bees notifications <{NOREPLY}>",
        "To": "Ann Miller <ann.miller@example.org>",
        "Reply-To": NOREPLY,
        "Subject": "DMs with Bob",
        "Message-ID": "<1f@chat.test>",
        "References": "<9c@threads.invalid>",
        "List-Id": "Bees <chat.test>",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
        "Content-Type": None,
    }


def test_both_bodies_survive_any_script_and_any_length(team: Team) -> None:
    text, html = "> grüße 🙂 " + "x" * 3000 + "\n.\nFrom here\n", "<p>日本語</p>" * 500 + "\n"
    read = received(mail(team.ann.id, text=text, html=html), team.ann)
    assert read.get_content_type() == "multipart/alternative"
    plain, rich = read.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    assert plain.get_content().replace("\r\n", "\n") == text
    assert rich.get_content().replace("\r\n", "\n") == html


def test_nothing_but_ascii_and_short_lines_goes_over_the_wire(team: Team) -> None:
    subject = "#allgemein > " + "Größe und Köln " * 8
    sent = build(mail(team.ann.id, subject=subject, text="ü" * 2000), [team.ann], NOREPLY).as_bytes()
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("subject", ["#q&a > 日本語の件名 " * 6, "x" * 250, "DMs with Ö", "a: b; c=?d?= <e>"])
def test_a_subject_arrives_as_it_is(team: Team, subject: str) -> None:
    assert received(mail(team.ann.id, subject=subject.strip()), team.ann)["Subject"] == subject.strip()


@pytest.mark.parametrize("host", ["localhost", "ec2-198-51-100-7.eu-central-1.compute.amazonaws.example.org"])
def test_ids_are_never_broken_up(team: Team, host: str) -> None:
    headers = {"Message-ID": f"<{'0f' * 16}@{host}>", "References": f"<{'9c' * 16}@threads.invalid>"}
    sent = build(mail(team.ann.id, headers=headers), [team.ann], NOREPLY).as_bytes().decode()
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
def test_addresses(team: Team, address: str, written: str) -> None:
    user = replace(team.ann, full_name="Ann Ö., Jr. (she)", delivery_email=address)
    (mailbox,) = received(mail(user.id), user)["To"].addresses
    assert (mailbox.display_name, mailbox.addr_spec) == (user.full_name, written)


def test_a_name_too_long_for_a_mailbox_is_left_out(team: Team) -> None:
    user = replace(team.ann, full_name="Ö" * 100)
    assert received(mail(user.id), user)["To"] == "ann.miller@example.org"


@pytest.mark.parametrize("address", ["a..b@example.org", "jürgen@example.org", "a@b..c"])
def test_an_address_that_no_mail_can_be_sent_to_is_a_dead_letter(
    team: Team, worker: EmailSenders, letterbox: Letterbox, address: str
) -> None:
    team.store.write(
        lambda transaction: transaction.execute(
            "UPDATE user SET delivery_email = ? WHERE id = ?", address, team.ann.id
        )
    )
    with pytest.raises(Fail, match="no mail can be sent to"):
        worker.consume(team.enqueue("email_senders", mail(team.ann.id)))
    assert letterbox.mails == []
