"""What the value of an option may be.

Each parser takes a TOML value or the text of an environment variable or flag, and returns the checked value.
Its ValueError completes a sentence that begins with the option's name.
"""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from appliance.base.hosts import HostRule, host_rule

S = TypeVar("S", bound=str)


class Address(NamedTuple):
    """Where a socket listens; an IPv6 `host` is without its brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class ShardRule(NamedTuple):
    """The ports of the shards that serve realms: of the host `host`, of those that match "~REGEX", or ("")
    of all others. Port 0 does not occur."""

    host: str
    ports: tuple[int, ...]

    def __str__(self) -> str:
        ports = "+".join(map(str, self.ports))
        return f"{self.host}={ports}" if self.host else ports


class QueueLimit(NamedTuple):
    """Of a queue of background work: from how much on it is a warning, and critical."""

    queue: str
    warning: int
    critical: int

    def __str__(self) -> str:
        return f"{self.queue} {self.warning}/{self.critical}"


class PolicyRule(NamedTuple):
    """What is different for a queue of jobs; what the settings may be is the queue's own business."""

    queue: str
    settings: dict[str, str]

    def __str__(self) -> str:
        return " ".join([self.queue, *(f"{name}={value}" for name, value in self.settings.items())])


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


def switch(value: object) -> bool:
    found = value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())
    if found is None:
        raise ValueError("must be true or false")
    return found


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


def origins(value: object) -> tuple[str, ...]:
    """As `words`, each a `url` or *."""
    return tuple(word if word == "*" else url(word) for word in words(value))


def ip_addresses(value: object) -> tuple[str, ...]:
    """A TOML array of texts, or one text with commas between."""
    items = value if isinstance(value, list) else list(filter(None, re.split(r"[,\s]+", text(value))))
    try:
        return tuple(str(ipaddress.ip_address(text(item))) for item in items)
    except ValueError:
        raise ValueError("must be IP addresses such as 127.0.0.1") from None


def shard_rules(value: object) -> tuple[ShardRule, ...]:
    """A TOML array of texts, or one text with spaces between (a regex may contain commas)."""
    items = value if isinstance(value, list) else text(value).split()
    rules: dict[str, ShardRule] = {}
    mistakes = []
    for item in items:
        try:
            rule = _shard_rule(text(item))
            if rule.host in rules:
                raise ValueError("comes twice")
            rules[rule.host] = rule
        except ValueError as error:
            mistakes.append(f"{item!r} {error}")
    if mistakes:
        form = "must be entries such as 9993+9994, chat.example.org=9995 or ~^chat[.]=9996"
        raise ValueError(f"{form} ({'; '.join(mistakes)})")
    return tuple(rules.values())


def _shard_rule(item: str) -> ShardRule:
    host, _, listed = item.rpartition("=")
    if not re.fullmatch(r"[0-9]{1,5}(\+[0-9]{1,5})*", listed):
        raise ValueError("has no ports")
    ports = tuple(map(int, listed.split("+")))
    if not all(0 < port <= 65535 for port in ports):
        raise ValueError("has a port beyond 1 to 65535")
    if len(set(ports)) < len(ports):
        raise ValueError("has a port twice")
    if not host.startswith("~"):
        return ShardRule(host.lower(), ports)
    try:
        re.compile(host[1:])
    except re.error as error:
        raise ValueError(f"has no regular expression: {error}") from None
    return ShardRule(host, ports)


def words(value: object) -> tuple[str, ...]:
    """A TOML array of texts, or one text with commas or spaces between."""
    items = value if isinstance(value, list) else re.split(r"[,\s]+", text(value))
    return tuple(filter(None, map(text, items)))


def host_rules(value: object) -> tuple[HostRule, ...]:
    """As `words`, each HOST or HOST:PORT."""
    return tuple(host_rule(word) for word in words(value))


def policy_rules(value: object) -> tuple[PolicyRule, ...]:
    """A TOML array of texts, or one text with commas between."""
    items = value if isinstance(value, list) else text(value).split(",")
    return tuple(_policy_rule(text(item).split()) for item in items if text(item).strip())


def _policy_rule(parts: list[str]) -> PolicyRule:
    settings = dict(part.split("=", 1) for part in parts[1:] if "=" in part)
    if "=" in parts[0] or not settings or len(settings) < len(parts) - 1:
        raise ValueError("must be entries such as: email_senders attempts=5 timeout=60")
    return PolicyRule(parts[0], settings)


def mail_address_or_none(value: object) -> str:
    return mail_address(value) if value != "" else ""


def mail_address(value: object) -> str:
    """With a domain in the form that mail servers know."""
    try:
        if re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+", text(value)):
            local, _, domain = text(value).partition("@")
            return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        pass
    raise ValueError("must be a mail address such as chat@example.org")


def queue_limits(value: object) -> tuple[QueueLimit, ...]:
    """A TOML array of texts, or one text with commas between."""
    items = value if isinstance(value, list) else [item for item in text(value).split(",") if item.strip()]
    matches = [re.fullmatch(r"\s*(\w+)\s+([0-9]{1,9})/([0-9]{1,9})\s*", text(item)) for item in items]
    limits = [QueueLimit(match[1], int(match[2]), int(match[3])) for match in matches if match]
    distinct = len({each.queue for each in limits}) == len(items)
    if not distinct or any(each.warning > each.critical for each in limits):
        raise ValueError(
            "must be one entry a queue such as email_senders 30/60, the larger number of seconds last"
        )
    return tuple(limits)


def sentry_dsn(value: object) -> str:
    if text(value) and not re.fullmatch(r"https?://[^\s/@]+@[^\s/@]+(/\S+)?/[0-9]+", text(value)):
        raise ValueError("must be a DSN such as https://KEY@sentry.example.org/1")
    return text(value)
