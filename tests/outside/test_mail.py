"""Against a real mail server; what goes wrong goes really wrong."""

import logging
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from appliance.base.config import Config
from appliance.outside import mail as mail_module
from appliance.outside.mail import MailDeferred, Mailer, MailRefused, mailer
from appliance.outside.outbox import Outbox
from tests.outside.smtp_sink import SmtpSink

PASSWORD = "correct-horse"
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


MakeMailer = Callable[..., Mailer]


@pytest.fixture
def make_mailer(tmp_path: Path) -> Iterator[MakeMailer]:
    """Mailers for a port, with any other options of [mail]."""
    with ExitStack() as made:

        def make(port: int, **options: str) -> Mailer:
            settings = {"host": "127.0.0.1", "port": str(port), "security": "none", **options}
            environ = {f"APPLIANCE_MAIL_{name.upper()}": value for name, value in settings.items()}
            return made.enter_context(closing(mailer(Config.load(None, environ), tmp_path)))

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


def test_a_mail_arrives(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    smtp_mailer.send(letter())
    assert smtp.subjects() == ["hello"]
    assert smtp.mails[0]["To"] == "ann@example.org"


def test_one_connection_serves_many_mails(smtp: SmtpSink, smtp_mailer: Mailer) -> None:
    for number in range(5):
        smtp_mailer.send(letter(str(number)))
    assert smtp.subjects() == ["0", "1", "2", "3", "4"]
    assert smtp.connections == 1


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
        ("421 4.3.2 shutting down", MailDeferred),
        ("550 5.1.1 no such person", MailRefused),
        ("554 5.7.1 spam", MailRefused),
    ],
)
def test_the_verdict_follows_the_answer(
    smtp: SmtpSink, smtp_mailer: Mailer, command: str, answer: str, verdict: type[Exception]
) -> None:
    smtp.answers[command] = answer
    with pytest.raises(verdict, match=answer):
        smtp_mailer.send(letter())
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


def test_a_silent_server_defers_in_time(make_mailer: MakeMailer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_module, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailDeferred, match="timed out"):
        make_mailer(silent.getsockname()[1]).send(letter())


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


def test_without_a_mail_server_there_is_the_outbox(tmp_path: Path) -> None:
    made = mailer(Config.load(None, {}), tmp_path)
    assert isinstance(made, Outbox)
    message = letter()
    message["Message-ID"] = "<1@chat.test>"
    made.send(message)
    assert [file.name for file in tmp_path.glob("outbox/*")] == ["1@chat.test.eml"]
