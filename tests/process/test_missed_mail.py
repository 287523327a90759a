"""The missed-message mail, from end to end, and over every crash on its way."""

import time
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.conftest import until
from tests.process.client import GONE, Person
from tests.process.conftest import Serve
from tests.process.mail import MailSink
from tests.process.server import BATCHING, ServerProcess, die_in


def all_is_done(server: ServerProcess) -> bool:
    return server.metric("appliance_notices_behind") == 0 and server.json("jobs", "list") == []


def test_the_missed_message_is_mailed(mailing: ServerProcess, sink: MailSink) -> None:  # checklist 13, 48
    server = mailing.start()
    hamlet, cordelia = server.people("hamlet", "cordelia")
    cordelia.ask("PATCH", "/settings", **{BATCHING: 1})
    hamlet.send(cordelia, "Where are *you*?")
    until(lambda: sink.mails)
    until(lambda: all_is_done(server))
    [mail] = sink.mails
    assert mail["To"].addresses[0].addr_spec == cordelia.email
    assert mail["Subject"] == "DMs with hamlet"
    assert "> Where are _you_?\n" in sink.text(0)
    assert f"{server.url}/#narrow/dm/{hamlet.user_id}-hamlet" in sink.text(0)
    assert "<em>you</em>" in html(mail)


def html(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    content: str = body.get_content()
    return content


def test_one_mail_holds_all_of_a_conversation(mailing: ServerProcess, sink: MailSink) -> None:
    server = mailing.start()
    iago, hamlet, othello = server.people("iago", "hamlet", "othello")
    for number in range(3):
        hamlet.send(othello, f"message {number}")
    iago.send(othello, "something else")
    until(lambda: len(sink.mails) >= 2)
    until(lambda: all_is_done(server))
    assert sorted(mail["Subject"] for mail in sink.mails) == ["DMs with hamlet", "DMs with iago"]


def test_a_mention_is_mailed(mailing: ServerProcess, sink: MailSink) -> None:
    server = mailing.start()
    [hamlet] = server.people("hamlet")
    for content in ("nobody in particular", "@**othello** hello"):
        hamlet.ask("POST", "/messages", type="stream", to="general", topic="lunch", content=content)
    until(lambda: sink.mails)
    until(lambda: all_is_done(server))
    assert [mail["Subject"] for mail in sink.mails] == ["#general > lunch"]
    assert "You were mentioned." in sink.text(0)


def test_who_reads_it_in_time_gets_no_mail(mailing: ServerProcess, sink: MailSink) -> None:
    server = mailing.start()
    hamlet, othello = server.people("hamlet", "othello")
    read = hamlet.send(othello, "read")
    othello.ask("POST", "/messages/flags", messages=[read], op="add", flag="read")
    hamlet.send(othello, "not read")
    until(lambda: sink.mails)
    until(lambda: all_is_done(server))
    assert len(sink.mails) == 1
    assert sink.text(0).startswith("> not read\n")


def test_who_is_here_gets_no_mail(mailing: ServerProcess, sink: MailSink) -> None:
    server = mailing.start()
    hamlet, cordelia, othello = server.people("hamlet", "cordelia", "othello")
    cordelia.ask("PATCH", "/settings", **{BATCHING: 1})
    othello.ask("POST", "/users/me/presence", status="active")
    poller = othello.register().start()
    hamlet.send(othello, "you are here")
    hamlet.send(cordelia, "you are not")
    until(lambda: sink.mails)
    until(lambda: all_is_done(server))
    assert [mail["To"].addresses[0].addr_spec for mail in sink.mails] == [cordelia.email]
    assert poller.contents() == ["you are here"]


def test_without_a_mail_server_it_is_a_file(server: ServerProcess, hamlet: Person) -> None:
    [othello] = server.people("othello")
    hamlet.send(othello, "Where are you?")
    [mail] = until(lambda: list((server.data / "outbox").glob("*.eml")))
    assert b"Where are you?" in mail.read_bytes()
    assert b"othello@chat.test" in mail.read_bytes()


# `kill -9`


def send_if_possible(sender: Person, to: Person, content: str) -> None:
    """The server may die before it answers."""
    with suppress(*GONE):
        sender.send(to, content)


# checklist 50. The road of a message to the mail of somebody who is away, from the commit on. Up to SMTP's
# answer a crash costs nothing: othello has a period of one second, so that the batch is due while we wait.
CRASH_POINTS = [
    "appliance.store.committer:Committer._flush",
    "appliance.events.fanout:FanOut.notices_committed",
    "appliance.events.fanout:FanOut._deliver",
    "appliance.events.fanout:FanOut._concerns",
    "appliance.events.fanout:FanOut._enqueue",
    "appliance.jobs.pool:JobPool.jobs_committed",
    "appliance.store.missed_mail:schedule_batch",
    "appliance.jobs.lane:Lane._take_due",
    "appliance.workers.missedmessage_email_batches:compose",
    "appliance.workers.email_senders:build",
    "appliance.outside.mail:SmtpMailer.send",
    "appliance.store.job:done",
    "appliance.jobs.ledger:Ledger.finish",
]


@pytest.mark.parametrize("point", CRASH_POINTS)
# checklist 14, 24, 25
def test_a_crash_on_the_way_to_the_mail(mailing: ServerProcess, sink: MailSink, point: str) -> None:
    mailing.start(die_in(point))
    hamlet, othello = mailing.people("hamlet", "othello")
    send_if_possible(hamlet, othello, "where are you?")
    mailing.crash()
    mailing.start()
    until(lambda: sink.mails)
    until(lambda: all_is_done(mailing))
    assert len(sink.mails) == 1
    assert "where are you?" in sink.text(0)
    assert [message["content"] for message in othello.messages()] == ["where are you?"]


def test_a_crash_right_after_the_answer(mailing: ServerProcess, sink: MailSink) -> None:
    mailing.start()
    hamlet, othello = mailing.people("hamlet", "othello")
    hamlet.send(othello, "where are you?")
    mailing.kill()
    mailing.start()
    until(lambda: sink.mails)
    until(lambda: all_is_done(mailing))
    assert len(sink.mails) == 1


def test_a_crash_while_the_batch_waits(mailing: ServerProcess, sink: MailSink) -> None:
    """What comes after the crash goes into the mail of the same period."""
    mailing.start()
    hamlet, cordelia = mailing.people("hamlet", "cordelia")
    cordelia.ask("PATCH", "/settings", **{BATCHING: 4})
    hamlet.send(cordelia, "one")
    batch = until(lambda: mailing.json("jobs", "list", "--queue", "missedmessage_email_batches"))
    mailing.kill()
    mailing.start()
    hamlet.send(cordelia, "two")
    assert mailing.json("jobs", "list", "--queue", "missedmessage_email_batches") == batch
    until(lambda: sink.mails)
    assert time.time() >= batch[0]["run_at"]
    until(lambda: all_is_done(mailing))
    assert len(sink.mails) == 1
    assert sink.text(0).index("> one") < sink.text(0).index("> two")


def test_a_crash_before_the_commit_leaves_nothing(mailing: ServerProcess, sink: MailSink) -> None:
    mailing.start(die_in("appliance.store.transaction:Transaction.notice"))
    hamlet, othello = mailing.people("hamlet", "othello")
    with pytest.raises(GONE):
        hamlet.send(othello, "lost")
    mailing.crash()
    mailing.start()
    assert othello.messages() == []
    hamlet.send(othello, "found")
    until(lambda: sink.mails)
    until(lambda: all_is_done(mailing))
    assert len(sink.mails) == 1
    assert "lost" not in sink.text(0)


def test_a_crash_before_the_mail_server_answers(
    mailing: ServerProcess, sink: MailSink
) -> None:  # checklist 65
    """The one gap: the mail server has the mail, and we do not know. It gets the same once more."""
    sink.before_answer = mailing.kill
    mailing.start()
    hamlet, othello = mailing.people("hamlet", "othello")
    hamlet.send(othello, "where are you?")
    until(lambda: mailing.process.poll() is not None)
    sink.before_answer = lambda: None
    mailing.start()
    comes_twice(mailing, sink)


def test_a_crash_before_we_write_down_the_answer(mailing: ServerProcess, sink: MailSink) -> None:
    point = "appliance.workers.email_senders:EmailSenders._acknowledge"
    mailing.start(die_in(point))
    hamlet, othello = mailing.people("hamlet", "othello")
    hamlet.send(othello, "where are you?")
    mailing.crash()
    mailing.start()
    comes_twice(mailing, sink)


def comes_twice(server: ServerProcess, sink: MailSink) -> None:
    until(lambda: len(sink.mails) == 2)
    until(lambda: all_is_done(server))
    assert len(sink.mails) == 2
    assert len(set(sink.ids)) == 1


def test_a_crash_while_the_outbox_is_written(serve: Serve) -> None:
    """Without a mail server: nobody finds half a mail, and one only."""
    other_files = {"APPLIANCE_JOBS_STATISTICS": "false"}
    server = serve(environ=other_files).start(die_in("pathlib:Path.replace"))
    hamlet, othello = server.people("hamlet", "othello")
    hamlet.send(othello, "where are you?")
    server.crash()
    assert mails_in(server.data) == []
    server.start()
    until(lambda: mails_in(server.data))
    until(lambda: all_is_done(server))
    [mail] = mails_in(server.data)
    assert b"where are you?" in mail.read_bytes()


def mails_in(data: Path) -> list[Path]:
    return list((data / "outbox").glob("*.eml"))
