"""The guard of private networks: which of the addresses that people give us are called, and where they lead.

Whoever may have the server call an address could otherwise reach what only the server can: a router, a
database, a cloud's metadata. So a host is looked up once, every address found must be one of the public
internet, and the connection goes to exactly such an address; TLS still checks the name. Hosts that the
administrator has named (`outside.private_hosts`) may be anywhere. Redirects are not followed (http.py).
"""

import re
import socket
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import NamedTuple

from appliance.base.errors import ApplianceError
from appliance.base.hosts import HOST, HostRule, bracketed, canonical, literal
from appliance.outside.lookup import LookUps

LONGEST_URL = 2048  # characters
PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024  # below, all but the web's own ports are other services'

# One reading of a URL, and a narrow one: printable ASCII, no user, no fragment, nothing two parsers read in
# two ways.
_URL = re.compile(rf"(https?)://({HOST})(?::([0-9]{{1,5}}))?(?:[/?][!-~]*)?", re.IGNORECASE | re.ASCII)
_ODD = re.compile(r"[\\#<>\"`{}|^]")

# The registries of special addresses (IANA, RFC 6890 and later), since Python's lag behind with its version.
# fmt: off
PRIVATE = tuple(map(IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    "168.63.129.16/32",  # in no registry: where machines of Azure get their secrets
)))
# fmt: on
# Of IPv6 only what is given out is public. All that has an IPv4 address in it (mapped, NAT64, 6to4, Teredo)
# lies outside, or in what is taken out.
PUBLIC_6 = IPv6Network("2000::/3")
SPECIAL_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


class Refused(ApplianceError):
    """An address that is not called; the text completes "the address …" and has no secret in it."""


class Place(NamedTuple):
    """Where a URL leads; an IPv6 `host` is without its brackets."""

    scheme: str
    host: str
    port: int

    @property
    def server(self) -> str:
        """HOST:PORT."""
        return f"{bracketed(self.host)}:{self.port}"

    @property
    def origin(self) -> str:
        """As browsers write it (RFC 6454): without the port that goes without saying."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{bracketed(self.host)}{port}"


class Guard:
    """Any thread may ask."""

    def __init__(self, opened: Iterable[HostRule] = (), look_ups: LookUps | None = None) -> None:
        """`opened`: what may be private."""
        self._opened = frozenset(opened)
        self._look_ups = look_ups or LookUps()

    def check(self, url: str, *, encrypted: bool = False) -> Place:
        """Where it leads, as far as that can be said without a look-up; `encrypted`: it must be https.

        Raises Refused.
        """
        place = _place(url)
        if self._is_open(place.host, place.port):
            return place
        if encrypted and place.scheme != "https":
            raise Refused("must begin with https://")
        if place.port < FIRST_FREE_PORT and place.port not in PORTS.values():
            raise Refused(f"has the port {place.port}, which is not one of web services")
        if (address := literal(place.host)) is not None:
            _check_public([address])
        return place

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """To an address that was checked, in so many seconds all in all. Raises Refused, OSError."""
        deadline = time.monotonic() + seconds
        addresses = [host] if literal(host) else self._look_ups.addresses(host, port, seconds)
        if not self._is_open(host, port):
            _check_public(addresses)
        return _first_connection(addresses, port, deadline)

    def _is_open(self, host: str, port: int) -> bool:
        host = canonical(host)
        return HostRule(host) in self._opened or HostRule(host, port) in self._opened


def is_public(address: str) -> bool:
    """Whether it is of one host of the public internet."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in PRIVATE)
    return found in PUBLIC_6 and not any(found in network for network in SPECIAL_6)


def _place(url: str) -> Place:
    if len(url) > LONGEST_URL:
        raise Refused(f"is longer than {LONGEST_URL} characters")
    match = _URL.fullmatch(url)
    if match is None or _ODD.search(url):
        raise Refused("must be http(s)://HOST/… in plain ASCII, without a user name")
    scheme, host = match[1].lower(), canonical(match[2])
    port = int(match[3] or PORTS[scheme])
    if not 0 < port <= 65535 or len(host) > 253:
        raise Refused("has a host or port that cannot be")
    if literal(host) is None and _looks_like_a_number(host):
        raise Refused("has a host that is neither a name nor an IP address as it is usually written")
    return Place(scheme, host, port)


def _looks_like_a_number(host: str) -> bool:
    """Systems take 2130706433, 0x7f.1 and 0177.0.0.1 for addresses; no name ends so."""
    return ":" in host or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]) is not None


def _check_public(addresses: list[str]) -> None:
    """All, since which of several is taken is chance."""
    if not addresses or not all(map(is_public, addresses)):
        raise Refused("leads into a private network, which outside.private_hosts does not open")


def _first_connection(addresses: list[str], port: int, deadline: float) -> socket.socket:
    """Of those that answer in time. Given as numbers, they are not looked up again."""
    trouble: OSError = TimeoutError("timed out")
    for address in addresses:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            break
        try:
            return socket.create_connection((address, port), remaining)
        except OSError as error:
            trouble = error
    raise trouble
