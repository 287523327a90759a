"""Browsers at which one is signed in."""

from appliance.actions.user import session as actions
from appliance.http.endpoint import Answer, Call, delete, get
from appliance.model.session import listed


@get("/appliance/sessions", differs="not of Zulip")
def own(call: Call) -> Answer:
    """One's sessions, the last used first: id, browser, when it began and was used last, is it this one."""
    now = call.services.clock.now()
    with call.services.store.read() as reader:
        current = actions.id_of(reader, call.session_token, now) if call.session_token else None
        return {"sessions": [listed(each, current) for each in actions.own(reader, call.user, now)]}


@delete("/appliance/sessions", differs="not of Zulip")
def end_others(call: Call) -> Answer:
    """Sign out everywhere else; clients that have one's key go on."""
    actions.end_others(call.services.store, call.user, call.session_token)
    return {}


@delete("/appliance/sessions/<session_id:int>", differs="not of Zulip")
def end(call: Call, *, session_id: int) -> Answer:
    """Sign out at one browser."""
    actions.end_own(call.services.store, call.user, session_id)
    return {}
