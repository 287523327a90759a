"""Inviting people."""

from typing import Annotated

from appliance.actions.realm import invitation as actions
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model import invitation as model
from appliance.model.invitation import USUAL_MINUTES, Terms
from appliance.model.parameter import Boolean, Integer, Integers, Text, integer, integers, optional

INVITERS = "members of `can_invite_users_group`"
LINKERS = "members of `create_multiuse_invite_group`"
OWN = "whoever invited, administrators"
Minutes = Annotated[int | None, optional(integer)]
MaybeIntegers = Annotated[list[int] | None, integers]


@get("/invites", differs="ids of links and of others are of one sequence")
def everything(call: Call) -> Answer:
    """Invitations that wait to be accepted: one's own, and all of them for administrators."""
    services = call.services
    with services.store.read() as reader:
        found = actions.listed(reader, call.user, services.clock.now())
    return {"invites": [model.public(each, services.public_url) for each in found]}


@post("/invites", who=INVITERS, tells="invites_changed")
def invite(
    call: Call,
    *,
    invitee_emails: Text,
    stream_ids: Integers,
    invite_expires_in_minutes: Minutes = USUAL_MINUTES,
    invite_as: Integer = 400,
    include_realm_default_subscriptions: Boolean = False,
    group_ids: MaybeIntegers = None,
    notify_referrer_on_join: Boolean = True,
) -> Answer:
    """Invite people by mail, up to 100 a day."""
    terms = Terms(
        model.check_role(invite_as),
        model.check_minutes(invite_expires_in_minutes),
        stream_ids,
        include_realm_default_subscriptions,
        group_ids or [],
        notify_referrer_on_join,
    )
    services = call.services
    actions.invite(services.store, call.user, model.addresses(invitee_emails), terms, services.public_url)
    return {}


@post(
    "/invites/multiuse",
    who=LINKERS,
    tells="invites_changed",
    differs="addresses are confirmed by mail only where they are restricted to domains",
)
def make_link(
    call: Call,
    *,
    invite_expires_in_minutes: Minutes = USUAL_MINUTES,
    invite_as: Integer = 400,
    stream_ids: MaybeIntegers = None,
    include_realm_default_subscriptions: Boolean = False,
    group_ids: MaybeIntegers = None,
) -> Answer:
    """Make a link by which anybody who has it can join."""
    terms = Terms(
        model.check_role(invite_as),
        model.check_minutes(invite_expires_in_minutes),
        stream_ids or [],
        include_realm_default_subscriptions,
        group_ids or [],
    )
    services = call.services
    return {"invite_link": actions.make_link(services.store, call.user, terms, services.public_url)}


@delete("/invites/<invite_id:int>", who=OWN, tells="invites_changed")
def revoke(call: Call, *, invite_id: int) -> Answer:
    """Take an invitation back."""
    actions.revoke(call.services.store, call.user, invite_id, multiuse=False)
    return {}


@delete("/invites/multiuse/<invite_id:int>", who=OWN, tells="invites_changed")
def revoke_link(call: Call, *, invite_id: int) -> Answer:
    """Take a link back."""
    actions.revoke(call.services.store, call.user, invite_id, multiuse=True)
    return {}


@post(
    "/invites/<invite_id:int>/resend",
    who=OWN,
    tells="invites_changed",
    differs="the link of the first mail ends",
)
def resend(call: Call, *, invite_id: int) -> Answer:
    """Mail an invitation once more; it is valid for as long again."""
    actions.resend(call.services.store, call.user, invite_id, call.services.public_url)
    return {}
