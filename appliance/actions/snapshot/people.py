"""People, bots, the groups of roles, and who is here."""

from typing import Any

from appliance.actions import presence
from appliance.actions.group_access import listing
from appliance.actions.snapshot.moment import Moment
from appliance.model import device
from appliance.model import user as user_model
from appliance.model.bot import managed
from appliance.model.permission import manages_bot
from appliance.model.user import Role
from appliance.store import bot_service
from appliance.store import device as devices


def realm_user(moment: Moment) -> dict[str, Any]:
    """Everybody, and oneself. Addresses of pictures are short: nobody's is left out, even where a client
    (`user_avatar_url_field_optional`) could do without."""
    me, shown = moment.user, [user_model.public(each) for each in moment.people]
    return {
        "realm_users": [each for each in shown if each["is_active"]],
        "realm_non_active_users": [each for each in shown if not each["is_active"]],
        "cross_realm_bots": [],
        "user_id": me.id,
        "email": me.email,
        "delivery_email": me.delivery_email,
        "full_name": me.full_name,
        "avatar_source": "U",
        "avatar_url": user_model.avatar_url(me.id),
        "avatar_url_medium": user_model.avatar_url(me.id),
        "is_owner": me.role == Role.OWNER,
        "is_admin": me.is_admin,
        "is_moderator": me.role == Role.MODERATOR,
        "is_guest": me.is_guest,
        "is_billing_admin": False,
        "can_create_streams": not me.is_guest,
        "can_create_public_streams": not me.is_guest,
        "can_create_private_streams": not me.is_guest,
        "can_create_web_public_streams": False,
        "can_subscribe_other_users": not me.is_guest,
        "can_invite_others_to_realm": me.is_admin,
    }


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
        "presences": presence.everyone(moment.reader, moment.now, slim=slim, days=days),
        "presence_last_update_id": -1,
        "server_timestamp": moment.now,
    }


def push_devices(moment: Moment) -> dict[str, Any]:
    """Those of encrypted pushes, and how far they are."""
    found = devices.of_user(moment.reader, moment.user.id, "e2ee")
    return {"push_devices": {each.token: device.registration(each) for each in found}}
