"""Invitations: of one address, or links for whoever has them.

Where the organization asks where addresses end, or lets anybody come, whoever joins without an invitation of
their own address is sent one: so addresses are those of the people who have them.
"""

import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from appliance.base.errors import ApiError
from appliance.model.user import Role

DAILY = 100  # addresses that one person may invite within a day
MOST_LINKS = 100  # that one person may have open
MOST_ASKED = 500  # addresses that may wait to be confirmed
DAY, MINUTE = 86_400, 60  # seconds
USUAL_MINUTES = 10 * DAY // MINUTE
MAX_MINUTES = 10 * 366 * DAY // MINUTE
CONFIRM_MINUTES = DAY // MINUTE
REMINDED_FROM, REMINDED_BEFORE = 4 * DAY, 2 * DAY  # what is valid for so long is called to mind then
NO_SUCH = "No such invitation"
_NAMED = re.compile(r"<([^<>]*)>\s*$")


class Status(IntEnum):
    OPEN = 0
    USED = 1
    REVOKED = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody gets who accepts. `minutes`: how long it is valid, None: for ever; `defaults`: also the
    channels of all newcomers; `notify_referrer`: whoever invited them is told that they came."""

    role: Role = Role.MEMBER
    minutes: int | None = USUAL_MINUTES
    channel_ids: list[int] = field(default_factory=list)
    defaults: bool = False
    group_ids: list[int] = field(default_factory=list)
    notify_referrer: bool = True


@dataclass(frozen=True, slots=True)
class Invitation:
    """`email` None: a link, and then `token` is known. `link_id`: of the link whose holder asked for it, 0:
    somebody without one did, None: nobody did. Times: Unix seconds; `expires` None: never."""

    id: int
    email: str | None
    token: str | None
    link_id: int | None
    inviter_id: int | None
    created: int
    expires: int | None
    status: Status
    terms: Terms

    @property
    def is_link(self) -> bool:
        return self.email is None

    def is_open(self, now: float) -> bool:
        return self.status is Status.OPEN and (self.expires is None or self.expires > now)

    @property
    def reminder(self) -> int | None:
        """When to call it to mind; None: not at all."""
        if self.expires is None or self.expires - self.created < REMINDED_FROM:
            return None
        return self.expires - REMINDED_BEFORE


def public(invitation: Invitation, public_url: str) -> dict[str, Any]:
    """As GET /invites lists it."""
    shown = {
        "id": invitation.id,
        "invited_by_user_id": invitation.inviter_id,
        "invited": invitation.created,
        "expiry_date": invitation.expires,
        "invited_as": int(invitation.terms.role),
        "notify_referrer_on_join": invitation.terms.notify_referrer,
    }
    if invitation.email is None:
        return {**shown, "is_multiuse": True, "link_url": link(public_url, invitation.token or "")}
    return {**shown, "is_multiuse": False, "email": invitation.email}


def link(public_url: str, token: str) -> str:
    return f"{public_url}/join/{token}"


def addresses(text: str) -> list[str]:
    """Those of a text, separated by commas or lines, also in the form `Name <a@b.example>`; each once. Raises
    ApiError for none, or more than may be invited."""
    parts = (each.strip() for each in re.split(r"[,\n]", text))
    bare = (named[1].strip() if (named := _NAMED.search(each)) else each for each in parts)
    found = list({each.lower(): each for each in bare if each}.values())
    if not found:
        raise ApiError("You must specify at least one email address.")
    return found


def check_minutes(minutes: int | None) -> int | None:
    """Raises ApiError."""
    if minutes is not None and not 0 < minutes <= MAX_MINUTES:
        raise ApiError(f"invite_expires_in_minutes is not from 1 to {MAX_MINUTES}")
    return minutes


def check_role(role: int) -> Role:
    """Raises ApiError."""
    try:
        return Role(role)
    except ValueError:
        raise ApiError("Invalid invite_as") from None


Refusal = tuple[str, str, bool]  # an address, why it is not invited, and whether its account is deactivated


class InvitationFailed(ApiError):
    """Some or all of the addresses were not invited."""

    code = "INVITATION_FAILED"

    def __init__(
        self, msg: str, refusals: list[Refusal], *, sent: bool = False, daily_limit: bool = False
    ) -> None:
        super().__init__(
            msg,
            errors=[list(each) for each in refusals],
            sent_invitations=sent,
            license_limit_reached=False,
            daily_limit_reached=daily_limit,
        )


class InvitationSpent(ApiError):
    status = 410

    def __init__(self) -> None:
        super().__init__(
            "This invitation was used already, was taken back, or is too old. Ask for a new one."
        )
