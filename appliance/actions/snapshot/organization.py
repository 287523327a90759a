"""The organization, and the settings of one person in it."""

from typing import Any

from appliance.actions.realm import emoji as realm_emoji
from appliance.actions.snapshot.moment import Moment
from appliance.actions.user import profile_field
from appliance.model import linkifier, playground, realm_domain, setting
from appliance.model.profile import field_types
from appliance.model.realm_section import section as realm_section
from appliance.store import linkifier as linkifier_store
from appliance.store import playground as playground_store
from appliance.store import realm_domain as domain_store


def realm(moment: Moment) -> dict[str, Any]:
    return realm_section(moment.realm, moment.public_url, moment.server)


def custom_profile_fields(moment: Moment) -> dict[str, Any]:
    types = field_types(pronouns=moment.client.pronouns_field_type_supported)
    fields = profile_field.listed(moment.reader, pronouns=moment.client.pronouns_field_type_supported)
    return {"custom_profile_fields": fields, "custom_profile_field_types": types}


def settings_defaults(moment: Moment) -> dict[str, Any]:
    return {"realm_user_settings_defaults": setting.effective(moment.realm.user_defaults)}


def domains(moment: Moment) -> dict[str, Any]:
    return {"realm_domains": [realm_domain.public(each) for each in domain_store.everything(moment.reader)]}


def emoji(moment: Moment) -> dict[str, Any]:
    return {"realm_emoji": realm_emoji.everything(moment.reader)}


def linkifiers(moment: Moment) -> dict[str, Any]:
    """None for clients that don't know URL templates."""
    known = linkifier_store.everything(moment.reader) if moment.client.linkifier_url_template else []
    return {"realm_linkifiers": [linkifier.public(each) for each in known]}


def playgrounds(moment: Moment) -> dict[str, Any]:
    listed = [playground.public(each) for each in playground_store.everything(moment.reader)]
    return {"realm_playgrounds": listed}


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
