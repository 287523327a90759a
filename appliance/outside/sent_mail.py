"""The mails in the outbox (outbox.py), for people to look at."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it takes memory that a server whose outbox nobody looks at saves
    from email.message import EmailMessage, Message, MIMEPart

NAME = re.compile(r"[\w.@-]{1,200}\.eml")
ABOUT_MESSAGES = "List-Unsubscribe"  # a header that mails of missed messages have, and no others
MOST_HEADERS = 16 << 10  # bytes of a file in which its headers are
LONGEST_TEXT = 200_000  # characters


@dataclass(frozen=True, slots=True)
class SentMail:
    """`name`: of its file; `time`: when it was written (epoch seconds); `to`: the address alone."""

    name: str
    time: float
    to: str
    subject: str
    about_messages: bool


def newest(folder: Path, limit: int) -> list[SentMail]:
    """Newest first. `folder`: the outbox; it need not be there."""
    return list(_described(folder, _names(folder)[:limit]))


def find(folder: Path, name: str) -> SentMail | None:
    return next(_described(folder, [name]), None) if NAME.fullmatch(name) else None


def body(folder: Path, name: str, subtype: str) -> str:
    """Of a mail that was found: its part "plain" or "html"; "" if it has none, or is gone."""
    from email import policy
    from email.parser import BytesParser

    with suppress(FileNotFoundError), (folder / name).open("rb") as file:
        message: EmailMessage = BytesParser(policy=policy.default).parse(file)
        part = message.get_body((subtype,))
        return _decoded(part)[:LONGEST_TEXT] if part else ""
    return ""


def _decoded(part: "MIMEPart") -> str:
    try:
        return str(part.get_content())
    except LookupError:  # an unknown character set
        return str(part.get_payload())


def _names(folder: Path) -> list[str]:
    """Newest first."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        mails = [entry for entry in entries if NAME.fullmatch(entry.name)]
        mails.sort(key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
        return [entry.name for entry in mails]
    return []


def _described(folder: Path, names: list[str]) -> Iterator[SentMail]:
    """Those that are still there."""
    from email.parser import BytesHeaderParser
    from email.utils import parseaddr

    for name in names:
        with suppress(FileNotFoundError), (folder / name).open("rb") as file:
            headers = BytesHeaderParser().parsebytes(file.read(MOST_HEADERS))
            time = os.fstat(file.fileno()).st_mtime
            to = parseaddr(headers["To"] or "")[1]  # before a name is decoded, which may look like an address
            yield SentMail(name, time, to, _words(headers, "Subject"), ABOUT_MESSAGES in headers)


def _words(headers: "Message", name: str) -> str:
    """Of a header; "" if it is not there, as it stands there if it cannot be decoded."""
    from email.errors import MessageError
    from email.header import decode_header, make_header

    given = headers[name] or ""
    try:
        return str(make_header(decode_header(given)))
    except (MessageError, LookupError, ValueError):
        return str(given)
