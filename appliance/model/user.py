"""People and bots."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache
from typing import Any

from appliance.base.errors import ApiError
from appliance.model import public_picture, setting

MAX_FULL_NAME, MIN_FULL_NAME = 100, 2
FORBIDDEN_IN_NAME = frozenset('*`\\>"@')
LIKE_A_MENTION = re.compile(r"\|[0-9]+$")  # @**Ann|7** means the person 7
HIDDEN = re.compile(r"user([0-9]{1,15})@(.+)")
HIDDEN_DOMAIN = "users.invalid"  # of the addresses that stand for hidden ones
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,255}")


Profile = dict[int, dict[str, str]]  # by field: its value, and the HTML of text


class Role(IntEnum):
    OWNER = 100
    ADMIN = 200
    MODERATOR = 300
    MEMBER = 400
    GUEST = 600


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot. `settings` holds what differs from the defaults (model/setting.py).

    `public_email`: what others see in place of a hidden address; `is_full_member`: not new any more, whatever
    the role.
    """

    id: int
    delivery_email: str
    full_name: str
    role: Role
    is_active: bool
    bot_type: int | None
    bot_owner_id: int | None
    is_system: bool
    api_key: str
    password: str | None
    date_joined: int
    settings: dict[str, Any]
    public_email: str | None = None
    is_full_member: bool = True
    avatar_version: int = 1
    avatar_file: str | None = None

    @property
    def email(self) -> str:
        """The public one."""
        return self.public_email or self.delivery_email

    @property
    def is_bot(self) -> bool:
        return self.bot_type is not None

    @property
    def is_admin(self) -> bool:
        return self.role <= Role.ADMIN

    @property
    def is_guest(self) -> bool:
        return self.role == Role.GUEST

    def setting(self, name: str) -> Any:
        return self.settings.get(name, setting.USER_SETTINGS[name].default)


def public(user: User, profile: Profile | None = None, *, shows_address: bool = True) -> dict[str, Any]:
    """The user object of the API: GET /users, realm_users, realm_user events. `shows_address`: to somebody
    who may know it (model/sight.py)."""
    return {
        "user_id": user.id,
        "email": user.email,
        "delivery_email": user.delivery_email if shows_address else None,
        "full_name": user.full_name,
        "role": int(user.role),
        "is_active": user.is_active,
        "is_owner": user.role == Role.OWNER,
        "is_admin": user.is_admin,
        "is_guest": user.is_guest,
        "is_billing_admin": False,
        "is_bot": user.is_bot,
        "bot_type": user.bot_type,
        **({"bot_owner_id": user.bot_owner_id} if user.is_bot else {}),
        **({"is_system_bot": True} if user.is_system else {}),
        "timezone": user.setting("timezone"),
        "date_joined": _date(user.date_joined),
        "avatar_url": picture_url(user),
        "avatar_version": user.avatar_version,
        "profile_data": profile or {},
    }


@lru_cache(maxsize=1024)
def _date(time: int) -> str:
    """ISO 8601. (Remembered, since everybody's is asked for by everybody who registers.)"""
    return datetime.fromtimestamp(time, UTC).isoformat()


def avatar_url(user_id: int) -> str:
    """Where somebody's picture is, whichever it is."""
    return f"/avatar/{user_id}"


def picture_url(user: User, *, medium: bool = False) -> str:
    """Where this picture of theirs is, for ever; initials are drawn at `avatar_url`. `medium`: the larger
    one."""
    path = user.avatar_file
    if path is None:
        return avatar_url(user.id)
    name = public_picture.medium(path) if medium else path
    return f"{public_picture.ROUTE}/{name}?version={user.avatar_version}"


def picture_fields(user: User) -> dict[str, Any]:
    """What events say of it. "U": it comes from this server, drawn or not."""
    return {
        "avatar_url": picture_url(user),
        "avatar_url_medium": picture_url(user, medium=True),
        "avatar_source": "U",
        "avatar_version": user.avatar_version,
    }


def hidden_address(user_id: int) -> str:
    return f"user{user_id}@{HIDDEN_DOMAIN}"


def hidden_id(email: str, *domains: str) -> int | None:
    """Of whom such an address is, at one of `domains` too."""
    found = HIDDEN.fullmatch(email.strip())
    return int(found[1]) if found and found[2].lower() in (HIDDEN_DOMAIN, *domains) else None


def check_full_name(name: str) -> str:
    """The name without blanks around it. Raises ApiError with Zulip's texts."""
    name = name.strip()
    if len(name) > MAX_FULL_NAME:
        raise ApiError("Name too long!")
    if len(name) < MIN_FULL_NAME:
        raise ApiError("Name too short!")
    if not name.isprintable() or FORBIDDEN_IN_NAME & set(name):
        raise ApiError("Invalid characters in name!")
    if LIKE_A_MENTION.search(name):
        raise ApiError("Invalid format!")
    return name


def check_email(email: str) -> str:
    email = email.strip()
    if not EMAIL.fullmatch(email):
        raise ApiError("Enter a valid email address.")
    return email
