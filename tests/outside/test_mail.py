"""Against a real mail server; what goes wrong goes really wrong."""

import logging
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.outside import smtp as smtp_module
from appliance.outside.breaker import COOL_DOWN, FAILURES, Breakers, Deferred
from appliance.outside.mail import MailDeferred, Mailer, MailRefused, MailServerDown, mailer
from appliance.outside.outbox import Outbox
from tests.conftest import MovableClock, until
from tests.outside.smtp_sink import SmtpSink

PASSWORD = "correct-horse"
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


MakeMailer = Callable[..., Mailer]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_module, "PAUSES", (0.0, 0.0))


@pytest.fixture
def breakers(clock: MovableClock) -> Breakers:
    return Breakers(clock, Metrics())


@pytest.fixture
def make_mailer(tmp_path: Path, breakers: Breakers) -> Iterator[MakeMailer]:
    """Mailers for a port, with any other options of [mail]."""
    with ExitStack() as made:

        def make(port: int, **options: str) -> Mailer:
            settings = {"host": "127.0.0.1", "port": str(port), "security": "none", **options}
            environ = {f"APPLIANCE_MAIL_{name.upper()}": value for name, value in settings.items()}
            return made.enter_context(closing(mailer(Config.load(None, environ), tmp_path, breakers)))

        yield make


@pytest.fixture
def smtp_mailer(smtp: SmtpSink, make_mailer: MakeMailer) -> Mailer:
    return make_mailer(smtp.port)


def letter(subject: str = "hello") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "noreply@chat.test", "ann@example.org", subject
    message.set_content("text")
    return message


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_closing_says_goodbye(smtp: SmtpSink, smtp_mailer: Mailer) -> None:  # checklist 99
    smtp_mailer.send(letter())
    smtp_mailer.close()
    until(lambda: smtp.seen[-1] == "QUIT")


def test_a_mail_arrives(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    smtp_mailer.send(letter())
    assert smtp.subjects() == ["hello"]
    assert smtp.mails[0]["To"] == "ann@example.org"


# checklist 98: the connection is kept, checked and opened anew


def test_one_connection_serves_many_mails(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    for number in range(5):
        smtp_mailer.send(letter(str(number)))
    assert smtp.subjects() == ["0", "1", "2", "3", "4"]
    assert smtp.connections == 1
    assert smtp.seen == ["MAIL", "RCPT", "DATA"] + ["NOOP", "MAIL", "RCPT", "DATA"] * 4


@pytest.mark.parametrize("answer", ["421 too late", "500 what?", "251 hm"])
def test_a_connection_that_is_not_fine_is_made_anew(
    smtp: SmtpSink, smtp_mailer: Mailer, answer: str
) -> None:
    smtp.answers["NOOP"] = answer
    smtp_mailer.send(letter("one"))
    smtp_mailer.send(letter("two"))
    assert smtp.subjects() == ["one", "two"]
    assert smtp.connections == 2


def test_a_connection_that_broke_between_two_mails_is_made_anew(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    smtp_mailer.send(letter("one"))
    smtp.drop_connections()
    smtp_mailer.send(letter("two"))
    assert smtp.subjects() == ["one", "two"]
    assert smtp.connections == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_within_a_mail_is_made_anew_once(
    smtp: SmtpSink, smtp_mailer: Mailer, command: str
) -> None:
    smtp.hang_up_at = [command]
    smtp_mailer.send(letter())
    assert smtp.subjects() == ["hello"]


def test_a_connection_that_breaks_again_defers_the_mail(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    smtp.hang_up_at = ["DATA"] * 2
    with pytest.raises(MailDeferred, match="does not work"):
        smtp_mailer.send(letter())
    smtp_mailer.send(letter("later"))
    assert smtp.subjects() == ["later"]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("450 4.2.0 greylisted, come back later", MailDeferred),
        ("421 4.3.2 shutting down", MailServerDown),
        ("550 5.1.1 no such person", MailRefused),
        ("554 5.7.1 spam", MailRefused),
    ],
)
def test_the_verdict_follows_the_answer(
    smtp: SmtpSink, smtp_mailer: Mailer, command: str, answer: str, verdict: type[Exception]
) -> None:
    smtp.answers[command] = answer
    with pytest.raises(verdict, match=answer) as caught:
        smtp_mailer.send(letter())
    assert type(caught.value) is verdict
    del smtp.answers[command]
    smtp_mailer.send(letter("next"))
    assert smtp.subjects() == ["next"]


def test_a_refused_mail_is_not_the_servers_trouble(
    smtp: SmtpSink, smtp_mailer: Mailer, caplog: pytest.LogCaptureFixture
) -> None:
    smtp.answers["RCPT"] = "550 no such person"
    with pytest.raises(MailRefused):
        smtp_mailer.send(letter())
    assert errors(caplog) == []


def test_an_address_that_the_server_cannot_take_is_refused(smtp_mailer: Mailer) -> None:
    message = letter()
    message.replace_header("To", "jürgen@example.org")
    with pytest.raises(MailRefused):
        smtp_mailer.send(message)


def test_a_server_that_is_down_is_logged_once_until_it_works_again(
    smtp: SmtpSink, smtp_mailer: Mailer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        smtp.go_away()
        for _ in range(3):
            with pytest.raises(MailDeferred, match="refused"):
                smtp_mailer.send(letter())
        smtp.come_back()
        smtp_mailer.send(letter())
    assert len(errors(caplog)) == 2
    assert caplog.text.count("works again") == 2


def test_a_name_that_does_not_resolve_defers(smtp: SmtpSink, make_mailer: MakeMailer) -> None:
    with pytest.raises(MailDeferred):
        make_mailer(smtp.port, host="nowhere.invalid").send(letter())


def test_bounces_go_to_the_sender_of_mails(smtp: SmtpSink, make_mailer: MakeMailer) -> None:
    message = letter()
    message.replace_header("From", "support@chat.test")
    make_mailer(smtp.port, **{"from": "noreply@k\xf6ln.example"}).send(message)
    assert smtp.senders == ["noreply@xn--kln-sna.example"]


def test_a_silent_server_defers_in_time(make_mailer: MakeMailer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_module, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailDeferred, match="timed out"):
        make_mailer(silent.getsockname()[1]).send(letter())


def test_opening_is_tried_again(
    smtp: SmtpSink, smtp_mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            smtp.come_back()

    monkeypatch.setattr(smtp_module, "PAUSES", (0.5, 1.0))
    monkeypatch.setattr(time, "sleep", pause)
    smtp.go_away()
    smtp_mailer.send(letter())
    assert smtp.subjects() == ["hello"]
    assert pauses == [0.5, 1.0]


def test_opening_is_tried_three_times(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    smtp.hang_up_at = ["CONNECT"] * 4
    with pytest.raises(MailServerDown):
        smtp_mailer.send(letter())
    assert smtp.connections == 3


# -- time


@pytest.mark.parametrize("command", ["NOOP", "MAIL", "RCPT", "DATA"])
def test_a_slow_answer_defers_at_the_deadline(smtp: SmtpSink, smtp_mailer: Mailer, command: str) -> None:
    smtp_mailer.send(letter("before"))
    smtp.silent_at = {command}
    ends = time.monotonic() + 0.3
    with pytest.raises(MailServerDown, match="timed out"):
        smtp_mailer.send(letter(), lambda: ends - time.monotonic())
    assert ends <= time.monotonic() < ends + 5
    assert smtp.seen.count(command) <= 2
    smtp.silent_at = set()
    smtp_mailer.send(letter("after"))
    assert smtp.subjects() == ["before", "after"]


def test_a_mail_that_has_no_time_left_is_not_begun(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    with pytest.raises(MailServerDown, match="no time is left"):
        smtp_mailer.send(letter(), lambda: 0.0)
    assert smtp.connections == 0


# -- the breaker  # checklist 59


def test_a_server_that_fails_again_and_again_is_left_alone(
    smtp: SmtpSink, smtp_mailer: Mailer, breakers: Breakers, clock: MovableClock
) -> None:
    smtp.hang_up_at = ["CONNECT"] * 1000
    for _ in range(FAILURES):
        with pytest.raises(MailServerDown):
            smtp_mailer.send(letter())
    assert breakers.states() == {f"127.0.0.1:{smtp.port}": "open"}
    before = smtp.connections
    with pytest.raises(Deferred) as caught:
        smtp_mailer.send(letter())
    assert (smtp.connections, caught.value.wait) == (before, COOL_DOWN)
    smtp.hang_up_at = []
    clock.advance(COOL_DOWN)
    smtp_mailer.send(letter())
    assert smtp.subjects() == ["hello"]
    assert breakers.states() == {f"127.0.0.1:{smtp.port}": "closed"}


@pytest.mark.parametrize("answer", ["450 come back later", "550 no such person"])
def test_a_server_that_says_no_is_not_left_alone(
    smtp: SmtpSink, smtp_mailer: Mailer, breakers: Breakers, answer: str
) -> None:
    smtp.answers["RCPT"] = answer
    for _ in range(FAILURES + 1):
        with pytest.raises((MailDeferred, MailRefused)):
            smtp_mailer.send(letter())
    assert set(breakers.states().values()) == {"closed"}


# -- logging in


@pytest.fixture
def guarded() -> Iterator[SmtpSink]:
    """Wants a name and a password."""

    def check(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=data == LoginPassword(b"chat", PASSWORD.encode()), handled=False)

    sink = SmtpSink(authenticator=check, auth_required=True, auth_require_tls=False)
    yield sink
    sink.stop()


def test_login(guarded: SmtpSink, make_mailer: MakeMailer) -> None:
    make_mailer(guarded.port, user="chat", password=PASSWORD).send(letter())
    assert guarded.subjects() == ["hello"]


@pytest.mark.parametrize("password", ["wrong-horse", "gäul"])
def test_a_wrong_password_defers_and_is_told_to_nobody(
    guarded: SmtpSink, make_mailer: MakeMailer, caplog: pytest.LogCaptureFixture, password: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(MailDeferred, match="password") as caught:
        make_mailer(guarded.port, user="chat", password=password).send(letter())
    assert "password" in errors(caplog)[0]
    assert caught.value.__cause__ is None
    for secret in (password, "ä"):
        assert secret not in str(caught.value)
        assert secret not in caplog.text


# -- encryption


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_without_the_encryption_asked_for_nothing_is_sent(
    smtp: SmtpSink, make_mailer: MakeMailer, security: str
) -> None:
    with pytest.raises(MailDeferred):
        make_mailer(smtp.port, security=security).send(letter())
    assert smtp.mails == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed one for 127.0.0.1, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    file = tmp_path / "certificate.pem"
    options = "-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
    command = f"{openssl} req {options} -keyout key -out certificate".split()
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    file.write_text((tmp_path / "key").read_text() + (tmp_path / "certificate").read_text())
    return file


@pytest.fixture
def encrypting(certificate: Path) -> Iterator[SmtpSink]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    sink = SmtpSink(tls_context=context, require_starttls=True)
    yield sink
    sink.stop()


def test_starttls_with_a_certificate_that_is_trusted(
    encrypting: SmtpSink, certificate: Path, make_mailer: MakeMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    made = make_mailer(encrypting.port, security="starttls")
    made.send(letter("one"))
    made.send(letter("two"))
    assert encrypting.subjects() == ["one", "two"]
    assert encrypting.connections == 1


def test_a_certificate_that_nobody_vouches_for_defers(encrypting: SmtpSink, make_mailer: MakeMailer) -> None:
    with pytest.raises(MailDeferred, match="certificate verify failed"):
        make_mailer(encrypting.port, security="starttls").send(letter())
    assert encrypting.mails == []


def test_without_a_mail_server_there_is_the_outbox(tmp_path: Path, breakers: Breakers) -> None:
    made = mailer(Config.load(None, {}), tmp_path, breakers)
    assert isinstance(made, Outbox)
    message = letter()
    message["Message-ID"] = "<1@chat.test>"
    made.send(message)
    assert [file.name for file in tmp_path.glob("outbox/*")] == ["1@chat.test.eml"]
