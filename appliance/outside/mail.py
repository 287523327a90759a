"""Sending mail: by SMTP, or into a folder when no mail server is configured.

One thread sends (that of the queue `email_senders`); it keeps its connection for the next mail.
"""

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from appliance.base.config import MAIL_HOST, MAIL_PASSWORD, MAIL_PORT, MAIL_SECURITY, MAIL_USER, Config
from appliance.base.errors import ApplianceError
from appliance.outside.outbox import Outbox

if TYPE_CHECKING:  # imported by the first mail: together they take 3 MB
    import smtplib
    import ssl
    from email.message import EmailMessage

log = logging.getLogger(__name__)

TIMEOUT = 15.0  # seconds that the mail server has for connecting and for each answer
LONGEST_REPLY = 200  # characters of the server's words in an error


class MailDeferred(ApplianceError):
    """The mail may go later: no connection, a time-out, an answer 4xx."""


class MailRefused(ApplianceError):
    """The mail server does not want this mail (5xx), today or later."""


class Mailer(Protocol):
    def send(self, message: "EmailMessage") -> None:
        """Returns once the mail is taken over. Raises MailDeferred, MailRefused, StorageError."""

    def close(self) -> None: ...


def mailer(config: Config, folder: Path) -> Mailer:
    """By SMTP where `mail.host` is set, else into the outbox of the data folder."""
    return SmtpMailer(config) if config.get(MAIL_HOST) else Outbox(folder / "outbox")


class SmtpMailer:
    def __init__(self, config: Config) -> None:
        self._host, self._port = config.get(MAIL_HOST), config.get(MAIL_PORT)
        self._user, self._password = config.get(MAIL_USER), config.get(MAIL_PASSWORD)
        self._security = config.get(MAIL_SECURITY)
        self._connection: smtplib.SMTP | None = None
        self._in_trouble = False  # and that was logged

    def send(self, message: "EmailMessage") -> None:
        from smtplib import SMTPServerDisconnected

        try:
            try:
                self._connected().send_message(message)
            except SMTPServerDisconnected:
                self._drop()  # it had answered just before; should it have taken the mail, the id is the same
                self._connected().send_message(message)
        except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
            raise self._verdict(error) from error
        if self._in_trouble:
            self._in_trouble = False
            log.info("the mail server %s:%d works again", self._host, self._port)

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.putcmd("quit")  # does not wait for the answer, as quit() would
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _connected(self) -> "smtplib.SMTP":
        """The connection of the last mail if the server still answers on it, else a new one."""
        if self._connection is None or not _answers(self._connection):
            self._drop()
            try:
                self._connection = self._connect()
                self._secure_and_log_in(self._connection)
            except (OSError, UnicodeError) as error:
                raise self._trouble(error) from None  # a UnicodeError holds the password
        return self._connection

    def _connect(self) -> "smtplib.SMTP":
        import smtplib

        if self._security == "tls":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=_checking_certificates())
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)

    def _secure_and_log_in(self, connection: "smtplib.SMTP") -> None:
        if self._security == "starttls":
            connection.starttls(context=_checking_certificates())
        if self._user:
            connection.login(self._user, self._password)

    def _verdict(self, error: Exception) -> MailDeferred | MailRefused:
        """On a mail that was not taken."""
        from smtplib import SMTPNotSupportedError

        code, words = _reply(error)
        if 500 <= code < 600:
            return MailRefused(f"the mail server refuses it: {code} {words}")
        if 400 <= code < 500:
            return MailDeferred(f"the mail server does not take it now: {code} {words}")
        if isinstance(error, ValueError | SMTPNotSupportedError):
            return MailRefused(f"it cannot be sent: {error}")
        return self._trouble(error)

    def _trouble(self, error: Exception) -> MailDeferred:
        """The server is at fault, not the mail; logged once until a mail goes through."""
        self._drop()
        why = f"the mail server {self._host}:{self._port} does not work: {_why(error)}"
        if not self._in_trouble:
            self._in_trouble = True
            log.error("%s; mails wait", why)
        return MailDeferred(why)


def _answers(connection: "smtplib.SMTP") -> bool:
    try:
        return connection.noop()[0] == 250
    except OSError:
        return False


def _checking_certificates() -> "ssl.SSLContext":
    """smtplib's own default would take any certificate."""
    import ssl

    return ssl.create_default_context()


def _reply(error: Exception) -> tuple[int, str]:
    """Code and words of the server's answer; 0 when there is none."""
    from smtplib import SMTPRecipientsRefused, SMTPResponseException

    words: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return code, " ".join(said.split())[:LONGEST_REPLY]


def _why(error: Exception) -> str:
    """In words for the log; of a login neither what was sent nor what the server says of it."""
    from smtplib import SMTPAuthenticationError

    if isinstance(error, SMTPAuthenticationError):
        return f"it does not accept the user name and password ({error.smtp_code})"
    if isinstance(error, UnicodeError):
        return "mail.host, mail.user and mail.password must be plain ASCII"
    code, words = _reply(error)
    return f"{code} {words}" if code else str(error) or type(error).__name__
