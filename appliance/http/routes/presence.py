"""Presence."""

from typing import Annotated

from appliance.actions.user import presence
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, get, post
from appliance.model.parameter import Boolean, integer, natural, optional, word
from appliance.model.user import User
from appliance.store import user as users
from appliance.store.connection import Reader


@post("/users/me/presence", tells="presence")
def report(
    call: Call,
    *,
    status: Annotated[str, word],
    ping_only: Boolean = False,
    new_user_input: Boolean = False,
    slim_presence: Boolean = False,
    history_limit_days: Annotated[int | None, optional(natural)] = None,
    last_update_id: Annotated[int | None, optional(integer)] = None,
) -> Answer:
    """One is here, or idle → who else is; with `last_update_id`, what is new since."""
    if status not in ("active", "idle"):
        raise ApiError(f"Invalid status: {status}")
    now = call.services.clock.now()
    presence.report(call.services.store, call.user, status, now)
    if ping_only:
        return {}
    with call.services.store.read() as reader:
        reader.begin()
        if last_update_id is not None and last_update_id > 0:
            known = presence.newer(reader, call.user, last_update_id)
        else:
            slim = slim_presence or last_update_id is not None
            known = presence.everyone(reader, call.user, now, slim=slim, days=history_limit_days)
        last = presence.last_update(reader)
    return {"presences": known, "server_timestamp": now, "presence_last_update_id": last}


@get("/realm/presence")
def everyone(call: Call) -> Answer:
    """Who is here."""
    now = call.services.clock.now()
    with call.services.store.read() as reader:
        return {"presences": presence.everyone(reader, call.user, now, slim=False), "server_timestamp": now}


@get("/users/<user_id:int>/presence")
def one(call: Call, *, user_id: int) -> Answer:
    """Whether somebody is here."""
    with call.services.store.read() as reader:
        return _one(call, reader, users.with_id(reader, user_id), str(user_id))


@get("/users/<email:re:[^/]+@[^/]+>/presence")
def one_by_email(call: Call, *, email: str) -> Answer:
    """The same, by the address that others see."""
    with call.services.store.read() as reader:
        return _one(call, reader, users.with_public_email(reader, email), email)


def _one(call: Call, reader: Reader, user: User | None, asked: str) -> Answer:
    return {"presence": presence.of_one(reader, call.user, user, asked, call.services.clock.now())}
