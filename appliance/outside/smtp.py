"""A connection to a mail server, and what it means when something goes wrong on it.

Not for import at start: together with what it needs it takes 3 MB.
"""

import smtplib
import ssl
import time
from collections.abc import Callable
from typing import Any

from appliance.outside.account import Account

TIMEOUT = 15.0  # seconds that the mail server has for connecting and for each answer, if so many are left
PAUSES = (0.5, 1.0)  # seconds before the second and the third try to open a connection
LONGEST_REPLY = 200  # characters of the server's words in an error


class Connection(smtplib.SMTP):
    """Waits for each answer no longer than `left` seconds; that may be set anew for each mail."""

    def __init__(self, host: str, port: int, left: Callable[[], float], **options: Any) -> None:
        self.left = left
        super().__init__(host, port, timeout=_limit(left), **options)

    def send(self, data: Any) -> None:
        self._hurry()
        super().send(data)

    def getreply(self) -> tuple[int, bytes]:
        self._hurry()
        return super().getreply()

    def _hurry(self) -> None:
        if self.sock is not None:
            self.sock.settimeout(_limit(self.left))

    def answers(self) -> bool:
        try:
            return self.noop()[0] == 250
        except OSError:
            return False


class TlsConnection(Connection, smtplib.SMTP_SSL):
    """Encrypted from the first byte on."""


def _limit(left: Callable[[], float]) -> float:
    seconds = min(TIMEOUT, left())
    if seconds <= 0:
        raise TimeoutError("timed out: no time is left for this mail")
    return seconds


def connect(account: Account, left: Callable[[], float]) -> Connection:
    """Ready for a mail. Raises OSError (smtplib's own errors are such), UnicodeError."""
    for pause in PAUSES:
        try:
            return _connect(account, left)
        except OSError as error:
            if not _may_pass(error) or pause >= left():
                raise
        time.sleep(pause)
    return _connect(account, left)


def _connect(account: Account, left: Callable[[], float]) -> Connection:
    if account.security == "tls":
        connection: Connection = TlsConnection(
            account.host, account.port, left, context=_checking_certificates()
        )
    else:
        connection = Connection(account.host, account.port, left)
    try:
        if account.security == "starttls":
            connection.starttls(context=_checking_certificates())
        if account.user:
            connection.login(account.user, account.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _checking_certificates() -> ssl.SSLContext:
    """smtplib's own default would take any certificate."""
    return ssl.create_default_context()


def _may_pass(error: OSError) -> bool:
    """Not what a server says that can be reached."""
    if isinstance(error, smtplib.SMTPException | ssl.SSLError):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return True


def hung_up(error: Exception) -> bool:
    """The server closed the connection, rather than that we waited in vain."""
    is_closed = isinstance(error, smtplib.SMTPServerDisconnected)
    return is_closed and not isinstance(error.__context__, TimeoutError)


def never_works(error: Exception) -> bool:
    """The mail cannot be sent through this server at all."""
    return isinstance(error, ValueError | smtplib.SMTPNotSupportedError)


def reply(error: Exception) -> tuple[int, str]:
    """Code and words of the server's answer; 0 when there is none."""
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return code, " ".join(said.split())[:LONGEST_REPLY]


def why(error: Exception) -> str:
    """In words for the log; of a login neither what was sent nor what the server says of it."""
    kind = type(error).__name__
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it does not accept the user name and password ({error.smtp_code})"
    if isinstance(error, UnicodeError):
        return "mail.host, mail.user and mail.password must be plain ASCII"
    code, words = reply(error)
    return f"{kind}: {code} {words}" if code else f"{kind}: {error}"
