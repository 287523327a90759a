"""What the value of an option may be.

Each parser takes a TOML value or the text of an environment variable or flag, and returns the checked value.
Its ValueError completes a sentence that begins with the option's name.
"""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

S = TypeVar("S", bound=str)


class Address(NamedTuple):
    """Where a socket listens; an IPv6 `host` is without its brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")
    return value


def path(value: object) -> Path:
    if not text(value):
        raise ValueError("must be the path of a folder")
    return Path(text(value))


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    def parse(value: object) -> int:
        number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) else value
        if isinstance(number, bool) or not isinstance(number, int) or not lowest <= number <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return number

    return parse


def one_of(*choices: S) -> Callable[[object], S]:
    def parse(value: object) -> S:
        for choice in choices:
            if choice.lower() == text(value).lower():
                return choice
        raise ValueError(f"must be one of {', '.join(choices)}")

    return parse


def address(value: object) -> Address:
    match = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^\s:\[\]/]+)):([0-9]{1,5})", text(value))
    if not match or int(match[3]) > 65535:
        raise ValueError("must be HOST:PORT such as 127.0.0.1:9991 or [::1]:9991")
    return Address(match[1] or match[2], int(match[3]))


def url(value: object) -> str:
    origin = text(value).lower().rstrip("/")
    match = re.fullmatch(r"https?://(?:\[[0-9a-f:.]+\]|[^\s:\[\]/?#@]+)(?::([0-9]{1,5}))?", origin)
    if origin and (not match or int(match[1] or 0) > 65535):
        raise ValueError("must be http(s)://HOST or http(s)://HOST:PORT, without a path")
    return origin


def ip_addresses(value: object) -> tuple[str, ...]:
    """A TOML array of texts, or one text with commas between."""
    items = value if isinstance(value, list) else list(filter(None, re.split(r"[,\s]+", text(value))))
    try:
        return tuple(str(ipaddress.ip_address(text(item))) for item in items)
    except ValueError:
        raise ValueError("must be IP addresses such as 127.0.0.1") from None


def mail_address(value: object) -> str:
    if not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", text(value)):
        raise ValueError("must be a mail address such as chat@example.org")
    return text(value)
