"""People, bots, the groups of roles, and who is here."""

from typing import Any

from appliance.actions.group import access as group_access
from appliance.actions.group.access import listing
from appliance.actions.snapshot.moment import Moment
from appliance.actions.user import presence, sight
from appliance.model import device
from appliance.model import user as user_model
from appliance.model.bot import managed
from appliance.model.permission import manages_bot
from appliance.model.user import Role, User
from appliance.store import bot_service, profile_value
from appliance.store import device as devices
from appliance.store import user as users


def realm_user(moment: Moment) -> dict[str, Any]:
    """Everybody, and oneself; in the place of those whom a guest may not know somebody unknown, for clients
    that want as many. Addresses of pictures are short: nobody's is left out, even where a client
    (`user_avatar_url_field_optional`) could do without."""
    me, known = moment.user, sight.of(moment.reader, moment.user)
    said = profile_value.of_people(moment.reader, [each.id for each in moment.people])
    listed = filter(known.knows, moment.people) if moment.client.user_list_incomplete else moment.people
    shown = [known.shown(each, said.get(each.id)) for each in listed]
    return {
        "realm_users": [each for each in shown if each["is_active"]],
        "realm_non_active_users": [each for each in shown if not each["is_active"]],
        "cross_realm_bots": [user_model.public(each) for each in users.system_bots(moment.reader)],
        "user_id": me.id,
        "email": me.email,
        "delivery_email": me.delivery_email,
        "full_name": me.full_name,
        **_own_picture(me),
        "is_owner": me.role == Role.OWNER,
        "is_admin": me.is_admin,
        "is_moderator": me.role == Role.MODERATOR,
        "is_guest": me.is_guest,
        "is_billing_admin": False,
        **_rights(moment),
    }


def _rights(moment: Moment) -> dict[str, bool]:
    """For older clients; others compute them from groups."""
    who = group_access.membership(moment.reader, moment.user)
    rights = {name: who.is_in(moment.realm.setting(right)) for name, right in _RIGHTS.items()}
    either = rights["can_create_public_streams"] or rights["can_create_private_streams"]
    return {**rights, "can_create_streams": either}


_RIGHTS = {
    "can_create_public_streams": "can_create_public_channel_group",
    "can_create_private_streams": "can_create_private_channel_group",
    "can_create_web_public_streams": "can_create_web_public_channel_group",
    "can_subscribe_other_users": "can_add_subscribers_group",
    "can_invite_others_to_realm": "can_invite_users_group",
}


def _own_picture(me: User) -> dict[str, Any]:
    told = user_model.picture_fields(me)
    return {name: told[name] for name in ("avatar_source", "avatar_url", "avatar_url_medium")}


def realm_bot(moment: Moment) -> dict[str, Any]:
    """Bots that the user may manage, with their keys."""
    bots = [each for each in moment.people if each.is_bot and manages_bot(moment.user, each)]
    services = bot_service.of_bots(moment.reader, [each.id for each in bots])
    return {"realm_bots": [managed(each, services.get(each.id, ())) for each in bots]}


def realm_user_groups(moment: Moment) -> dict[str, Any]:
    deactivated = moment.client.include_deactivated_groups
    return {"realm_user_groups": listing(moment.reader, moment.people, deactivated=deactivated)}


def presences(moment: Moment) -> dict[str, Any]:
    slim = moment.client.slim_presence or moment.client.simplified_presence_events
    days = moment.wishes.presence_history_days
    return {
        "presences": presence.everyone(moment.reader, moment.user, moment.now, slim=slim, days=days),
        "presence_last_update_id": presence.last_update(moment.reader),
        "server_timestamp": moment.now,
    }


def push_devices(moment: Moment) -> dict[str, Any]:
    """Those of encrypted pushes, and how far they are."""
    found = devices.of_user(moment.reader, moment.user.id, "e2ee")
    return {"push_devices": {each.token: device.registration(each) for each in found}}
