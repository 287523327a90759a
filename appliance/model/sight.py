"""What people may know of each other: addresses, and (some guests) whether somebody is there at all."""

from enum import IntEnum
from typing import Any

from appliance.model.user import Profile, Role, User, hidden_address, public

UNKNOWN_NAME, UNKNOWN_AVATAR = "Unknown user", "/static/icon.png"


class AddressVisibility(IntEnum):
    """Values of the setting `email_address_visibility`."""

    EVERYONE = 1
    MEMBERS = 2
    ADMINS = 3
    NOBODY = 4
    MODERATORS = 5


# Those of this role, and above it, see the address.
_LOWEST: dict[int, Role] = {
    AddressVisibility.EVERYONE: Role.GUEST,
    AddressVisibility.MEMBERS: Role.MEMBER,
    AddressVisibility.MODERATORS: Role.MODERATOR,
    AddressVisibility.ADMINS: Role.ADMIN,
}


def visibility(person: User) -> int:
    """A value of AddressVisibility. A bot's address is no secret."""
    found: int = person.setting("email_address_visibility")
    return AddressVisibility.EVERYONE if person.is_bot else found


def sees_address(viewer: User, person: User) -> bool:
    """The one that mails go to. One's own always."""
    lowest = _LOWEST.get(visibility(person))
    return viewer.id == person.id or (lowest is not None and viewer.role <= lowest)


def public_address(person: User) -> str | None:
    """What everybody sees in place of a hidden address; None: it is not hidden."""
    return None if visibility(person) == AddressVisibility.EVERYONE else hidden_address(person.id)


def shown(viewer: User, person: User, profile: Profile | None = None) -> dict[str, Any]:
    """The user object, as `viewer` sees it."""
    return public(person, profile, shows_address=sees_address(viewer, person))


def unknown(user_id: int) -> dict[str, Any]:
    """Stands for a person of whom a guest may not know; it never changes."""
    return {
        "user_id": user_id,
        "email": hidden_address(user_id),
        "delivery_email": None,
        "full_name": UNKNOWN_NAME,
        "role": int(Role.MEMBER),
        "is_active": True,
        "is_owner": False,
        "is_admin": False,
        "is_guest": False,
        "is_billing_admin": False,
        "is_bot": False,
        "bot_type": None,
        "timezone": "",
        "date_joined": "1970-01-01T00:00:00+00:00",
        "avatar_url": UNKNOWN_AVATAR,
        "avatar_version": 1,
        "profile_data": {},
    }
