"""How the headers of mails are written. Imported by the first mail: `email` takes memory."""

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any, ClassVar, Literal

# Mail programs take these as they are. The standard library would put a long one into encoded words, which
# they do not read there.
VERBATIM = ("List-Id", "List-Unsubscribe", "References")


class _Verbatim(BaseHeader):
    max_count: ClassVar[Literal[1]] = 1

    @staticmethod
    def parse(value: str, kwds: dict[str, Any]) -> None:
        """Encoded words stay encoded."""
        kwds["parse_tree"] = UnstructuredHeader.value_parser(value)
        kwds["decoded"] = value

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}" if self.isascii() else super().fold(policy=policy)


def _policy() -> "EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    for name in VERBATIM:
        headers.map_to_type(name, _Verbatim)
    return SMTP.clone(header_factory=headers, cte_type="7bit")  # not every mail server takes bodies of 8 bits


POLICY = _policy()
