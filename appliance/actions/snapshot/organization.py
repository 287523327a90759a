"""The organisation, and the settings of one person in it."""

from typing import Any

from appliance.actions.snapshot.moment import Moment
from appliance.model import setting
from appliance.model.profile import field_types
from appliance.model.realm import realm_section
from appliance.store import realm as realms


def realm(moment: Moment) -> dict[str, Any]:
    return realm_section(realms.get(moment.reader), moment.public_url, moment.server)


def custom_profile_fields(moment: Moment) -> dict[str, Any]:
    types = field_types(pronouns=moment.client.pronouns_field_type_supported)
    return {"custom_profile_fields": [], "custom_profile_field_types": types}


def settings_defaults(moment: Moment) -> dict[str, Any]:
    return {"realm_user_settings_defaults": setting.effective({})}


def user_settings(moment: Moment) -> dict[str, Any]:
    return {"user_settings": setting.effective(moment.user.settings)}


def display_settings(moment: Moment) -> dict[str, Any]:
    return _legacy(moment, setting.DISPLAY_SETTINGS)


def notification_settings(moment: Moment) -> dict[str, Any]:
    return _legacy(moment, setting.NOTIFICATION_SETTINGS)


def _legacy(moment: Moment, names: frozenset[str]) -> dict[str, Any]:
    """Settings beside the sections rather than in one, for clients that know nothing else."""
    if moment.client.user_settings_object:
        return {}
    return {name: value for name, value in setting.effective(moment.user.settings).items() if name in names}
