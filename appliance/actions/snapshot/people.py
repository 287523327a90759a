"""People, bots, the groups of roles, and who is here."""

from collections import defaultdict
from typing import Any

from appliance.actions import presence
from appliance.actions.snapshot.moment import Moment
from appliance.model import group
from appliance.model import user as user_model
from appliance.model.permission import manages_bot
from appliance.model.user import Role


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
    bots = [each for each in moment.people if each.is_bot]
    return {"realm_bots": [user_model.managed(each) for each in bots if manages_bot(moment.user, each)]}


def realm_user_groups(moment: Moment) -> dict[str, Any]:
    members: dict[int, list[int]] = defaultdict(list)
    for each in moment.people:
        if each.is_active:
            members[int(each.role)].append(each.id)
    return {"realm_user_groups": group.system_groups(members)}


def presences(moment: Moment) -> dict[str, Any]:
    slim = moment.client.slim_presence or moment.client.simplified_presence_events
    days = moment.wishes.presence_history_days
    return {
        "presences": presence.everyone(moment.reader, moment.now, slim=slim, days=days),
        "presence_last_update_id": -1,
        "server_timestamp": moment.now,
    }
