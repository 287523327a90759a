"""Where a request comes from, as limits count it."""

from collections.abc import Mapping
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

HOUSEHOLD = 64  # bits of an IPv6 address; whoever has one has all that begin so


def network(environ: Mapping[str, Any]) -> str:
    """The address; of IPv6 the network, since its addresses are without number. What is none (a proxy may
    say so), as it is."""
    given = str(environ.get("REMOTE_ADDR", ""))
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if isinstance(address, IPv4Address):
        return given
    return str(address.ipv4_mapped or ip_network((int(address), HOUSEHOLD), strict=False))
