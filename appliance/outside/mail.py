"""Sending mail: by SMTP, or into a folder when no mail server is configured.

One thread sends (that of the queue `email_senders`); it keeps its connection for the next mail.
"""

import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from appliance.base.config import Config
from appliance.base.errors import ApplianceError
from appliance.base.options import MAIL_FROM
from appliance.outside import outbox
from appliance.outside.account import Account, configured
from appliance.outside.breaker import Breakers, CircuitBreaker, Unreachable

if TYPE_CHECKING:  # imported by the first mail: together they take 3 MB
    from email.message import EmailMessage

    from appliance.outside.smtp import Connection

SHUTTING_DOWN = 421  # it can be the answer to any command, and means the server, not the mail

Left = Callable[[], float]  # seconds until a mail should have gone


def forever() -> float:
    return math.inf


class MailDeferred(ApplianceError):
    """The mail may go later: an answer 4xx."""


class MailServerDown(MailDeferred, Unreachable):
    """No connection, a time-out, a login that is not accepted: no other mail would go now."""


class MailRefused(ApplianceError):
    """The mail server does not want this mail (5xx), today or later."""


class Mailer(Protocol):
    def send(self, message: "EmailMessage", left: Left = forever) -> None:
        """Returns once the mail is taken over. Raises MailDeferred, MailRefused, StorageError, and Deferred
        while the mail server is left alone."""

    def close(self) -> None: ...


def mailer(config: Config, folder: Path, breakers: Breakers) -> Mailer:
    """By SMTP where `mail.host` is set, else into the outbox of the data folder."""
    account = configured(config)
    if account is None:
        return outbox.Outbox(folder / outbox.FOLDER)
    return SmtpMailer(account, config.get(MAIL_FROM), breakers.of(account.server))


class SmtpMailer:
    def __init__(self, account: Account, sender: str, breaker: CircuitBreaker) -> None:
        """`sender`: the envelope's; what bounces goes there."""
        self._account, self._sender, self._breaker = account, sender, breaker
        self._connection: Connection | None = None

    def send(self, message: "EmailMessage", left: Left = forever) -> None:
        with self._breaker.call():
            try:
                self._send(message, left)
            except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
                raise self._verdict(error) from error

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.putcmd("quit")  # does not wait for the answer, as quit() would
        self._drop()

    def _send(self, message: "EmailMessage", left: Left) -> None:
        from appliance.outside import smtp

        try:
            self._connected(left).send_message(message, self._sender)
        except OSError as error:
            if not smtp.hung_up(error):
                raise
            self._drop()  # it had answered just before; should it have taken the mail, the id is the same
            self._connected(left).send_message(message, self._sender)

    def _connected(self, left: Left) -> "Connection":
        """The connection of the last mail if the server still answers on it, else a new one."""
        from appliance.outside import smtp

        if self._connection is not None:
            self._connection.left = left
            if self._connection.answers():
                return self._connection
            self._drop()
        try:
            self._connection = smtp.connect(self._account, left)
        except (OSError, UnicodeError) as error:
            raise self._trouble(error) from None  # a UnicodeError holds the password
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _verdict(self, error: Exception) -> MailDeferred | MailRefused:
        """On a mail that was not taken."""
        from appliance.outside import smtp

        code, words = smtp.reply(error)
        if code == SHUTTING_DOWN:
            return self._trouble(error)
        if 500 <= code < 600:
            return MailRefused(f"the mail server refuses it: {code} {words}")
        if 400 <= code < 500:
            kind = type(error).__name__
            return MailDeferred(f"the mail server does not take it now: {code} {words} ({kind})")
        if smtp.never_works(error):
            return MailRefused(f"it cannot be sent: {error}")
        return self._trouble(error)

    def _trouble(self, error: Exception) -> MailServerDown:
        """The server is at fault, not the mail."""
        from appliance.outside import smtp

        self._drop()
        return MailServerDown(f"the mail server {self._account.server} does not work: {smtp.why(error)}")
