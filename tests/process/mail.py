"""A mail server that keeps what it takes."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.process.server import free_port

TAKEN = "250 OK"


class MailSink:
    """`mails` in the order in which they came; `before_answer` is called with each, on the sink's thread."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.before_answer: Callable[[], None] = lambda: None
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.SMTP)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.before_answer()
        return TAKEN

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]

    def text(self, number: int) -> str:
        """The plain text of a mail."""
        body = self.mails[number].get_body(("plain",))
        assert body is not None
        content: str = body.get_content()
        return content.replace("\r\n", "\n")

    @property
    def environ(self) -> dict[str, str]:
        """What makes a server send its mails here."""
        return {
            "APPLIANCE_MAIL_HOST": "127.0.0.1",
            "APPLIANCE_MAIL_PORT": str(self.port),
            "APPLIANCE_MAIL_SECURITY": "none",
        }

    def close(self) -> None:
        self._controller.stop()
