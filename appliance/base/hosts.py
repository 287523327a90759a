"""Hosts of the outside: how one is written, and rules that name some of them."""

import re
from ipaddress import ip_address
from typing import NamedTuple

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
# A pattern for plain ASCII without regard to case: a name, or an IP address (of version 6 in brackets).
HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-f:.]+\])"
_NAMED = re.compile(rf"({HOST})(?::([0-9]{{1,5}}))?", re.IGNORECASE | re.ASCII)


class HostRule(NamedTuple):
    """`host` is canonical; `port` None: any."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        return bracketed(self.host) if self.port is None else f"{bracketed(self.host)}:{self.port}"


def host_rule(word: str) -> HostRule:
    """From HOST or HOST:PORT. Raises ValueError, to be completed by an option's name."""
    bare = f"[{word}]" if word.count(":") > 1 and not word.startswith("[") else word
    match = _NAMED.fullmatch(bare)
    if match is None:
        raise ValueError("must be HOST or HOST:PORT")
    return HostRule(canonical(match[1]), int(match[2]) if match[2] else None)


def canonical(host: str) -> str:
    """In the one form that it has: a name in lower case, an IP address without brackets."""
    bare = host.lower().strip("[]")
    found = literal(bare)
    return bare.removesuffix(".") if found is None else found


def literal(host: str) -> str | None:
    """An IP address in the one form that it has; None: it is a name, or nothing at all."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
