"""Presence."""

from typing import Annotated

from appliance.actions import presence
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, get, post
from appliance.model.parameter import Boolean, natural, optional, word


@post("/users/me/presence")
def report(
    call: Call,
    *,
    status: Annotated[str, word],
    ping_only: Boolean = False,
    new_user_input: Boolean = False,
    slim_presence: Boolean = False,
    history_limit_days: Annotated[int | None, optional(natural)] = None,
) -> Answer:
    if status not in ("active", "idle"):
        raise ApiError(f"Invalid status: {status}")
    now = call.services.clock.now()
    presence.report(call.services.store, call.user, status, now)
    if ping_only:
        return {}
    with call.services.store.read() as reader:
        known = presence.everyone(reader, now, slim=slim_presence, days=history_limit_days)
    return {"presences": known, "server_timestamp": now, "presence_last_update_id": -1}


@get("/realm/presence")
def everyone(call: Call) -> Answer:
    now = call.services.clock.now()
    with call.services.store.read() as reader:
        return {"presences": presence.everyone(reader, now, slim=False), "server_timestamp": now}
