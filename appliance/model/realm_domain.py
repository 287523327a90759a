"""Domains of the organization: where the addresses of its people may end, and which ones nobody's should."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from appliance.base.errors import ApiError

MOST = 100  # in an organization
MAX_DOMAIN = 253  # characters
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,63}")

# Where anybody gets an address for ten minutes. There are thousands; these are those that are met most.
DISPOSABLE = frozenset(
    {
        "10minutemail.com", "33mail.com", "dispostable.com", "emailondeck.com", "fakeinbox.com",
        "getairmail.com", "getnada.com", "grr.la", "guerrillamail.biz", "guerrillamail.com",
        "guerrillamail.de", "guerrillamail.info", "guerrillamail.net", "guerrillamail.org",
        "guerrillamailblock.com", "inboxkitten.com", "maildrop.cc", "mailinator.com", "mailnesia.com",
        "mailsac.com", "mintemail.com", "minuteinbox.com", "moakt.com", "mohmal.com", "mytemp.email",
        "sharklasers.com", "spam4.me", "spamgourmet.com", "temp-mail.io", "temp-mail.org", "tempail.com",
        "tempmail.com", "tempmailo.com", "throwawaymail.com", "trash-mail.com", "trashmail.com",
        "trashmail.de", "wegwerfmail.de", "yopmail.com", "yopmail.fr",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Domain:
    domain: str
    allow_subdomains: bool


def public(domain: Domain) -> dict[str, Any]:
    return {"domain": domain.domain, "allow_subdomains": domain.allow_subdomains}


def check(domain: str) -> str:
    """In small letters. Raises ApiError."""
    domain = domain.strip().lower()
    if not domain:
        raise ApiError("Invalid domain: it is empty.")
    if "." not in domain:
        raise ApiError("Invalid domain: there is no dot in it.")
    if len(domain) > MAX_DOMAIN or not _DOMAIN.fullmatch(domain):
        raise ApiError("Invalid domain: domains do not look like this.")
    return domain


def objection(address: str, allowed: Iterable[Domain] | None, *, disposable: bool) -> str | None:
    """Why somebody cannot come with this address. `allowed`: None, any domain is;
    `disposable`: so are those of DISPOSABLE."""
    local, _, domain = address.lower().rpartition("@")
    if allowed is not None:
        if not any(_covers(each, domain) for each in allowed):
            return "Outside your domain."
        if "+" in local:
            return "Addresses with + are not taken."
    return None if disposable or domain not in DISPOSABLE else "Mailboxes for a day are not taken."


def _covers(allowed: Domain, domain: str) -> bool:
    below = allowed.allow_subdomains and domain.endswith(f".{allowed.domain}")
    return domain == allowed.domain or below
