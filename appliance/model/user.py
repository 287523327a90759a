"""People and bots."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

from appliance.base.errors import ApiError
from appliance.model import setting

MAX_FULL_NAME, MIN_FULL_NAME = 100, 2
FORBIDDEN_IN_NAME = frozenset('*`\\>"@')
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[^\s@<>()\[\],;:\"\\]{1,255}")


class Role(IntEnum):
    OWNER = 100
    ADMIN = 200
    MODERATOR = 300
    MEMBER = 400
    GUEST = 600


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot. `settings` holds what differs from the defaults (model/setting.py)."""

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

    @property
    def email(self) -> str:
        return self.delivery_email

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


def public(user: User) -> dict[str, Any]:
    """The user object of the API: GET /users, realm_users, realm_user events."""
    return {
        "user_id": user.id,
        "email": user.email,
        "delivery_email": user.delivery_email,
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
        "date_joined": datetime.fromtimestamp(user.date_joined, UTC).isoformat(),
        "avatar_url": avatar_url(user.id),
        "avatar_version": 1,
        "profile_data": {},
    }


def avatar_url(user_id: int) -> str:
    return f"/avatar/{user_id}"


def check_full_name(name: str) -> str:
    """The name without blanks around it. Raises ApiError with Zulip's texts."""
    name = name.strip()
    if len(name) > MAX_FULL_NAME:
        raise ApiError("Name too long!")
    if len(name) < MIN_FULL_NAME:
        raise ApiError("Name too short!")
    if not name.isprintable() or FORBIDDEN_IN_NAME & set(name):
        raise ApiError("Invalid characters in name!")
    return name


def check_email(email: str) -> str:
    email = email.strip()
    if not EMAIL.fullmatch(email):
        raise ApiError("Enter a valid email address.")
    return email
