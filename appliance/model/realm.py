"""The organization."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from appliance.base.errors import ApiError
from appliance.model.group import REALM_PERMISSIONS
from appliance.model.group_setting import groups_of
from appliance.model.push_status import PushStatus
from appliance.model.realm_setting import REALM_SETTINGS

MAX_NAME, MAX_DESCRIPTION = 40, 1000  # characters

# Kept among its settings, though they are none: actions/realm/closing.py, actions/user/default.py.
DEACTIVATED, USER_DEFAULTS = "deactivated", "user_settings_defaults"


@dataclass(frozen=True, slots=True)
class Realm:
    """The one organization of a file. `created`: Unix seconds; `settings`: what differs from the defaults."""

    uuid: str
    name: str
    description: str
    created: int
    settings: dict[str, Any]

    def setting(self, name: str) -> Any:
        return self.settings.get(name, REALM_SETTINGS[name].default)

    @property
    def is_deactivated(self) -> bool:
        return bool(self.settings.get(DEACTIVATED))

    @property
    def push_status(self) -> PushStatus:
        return PushStatus.of(self.settings)

    @property
    def user_defaults(self) -> dict[str, Any]:
        """Settings with which newcomers begin, where they differ from the server's."""
        found: dict[str, Any] = self.settings.get(USER_DEFAULTS, {})
        return found


def check_name(name: str) -> str:
    """Raises ApiError."""
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise ApiError(f"The organization's name must have 1 to {MAX_NAME} characters.")
    return name


def check_description(description: str) -> str:
    if len(description) > MAX_DESCRIPTION:
        raise ApiError("Organization description is too long.")
    return description.strip()


def objections(group_id: int, realm: Realm) -> list[dict[str, Any]]:
    """Why a group cannot be deactivated: the permissions that name it."""
    names = [each for each in REALM_PERMISSIONS if group_id in groups_of(realm.setting(each))]
    return [{"type": "realm", "settings": names}] if names else []


def bot_domain(public_url: str) -> str:
    """Where the addresses of bots end. An IPv6 address cannot stand there."""
    host = urlsplit(public_url).hostname or "localhost"
    return "localhost" if ":" in host else host
