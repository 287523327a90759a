"""Bots that people make for themselves. (Zulip's own description of its API has these routes no more.)"""

from typing import Annotated, Any

from appliance.actions.bot import account as actions
from appliance.actions.bot.account import Changes, Wanted
from appliance.actions.user import api_key as keys
from appliance.actions.user import deactivation
from appliance.base.errors import ApiError
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model import bot as bot_model
from appliance.model.parameter import Text, integer, optional, text, word
from appliance.model.realm import bot_domain
from appliance.model.user import User, picture_url


def _url(name: str, given: str) -> str:
    """In quotes, as JSON, or without."""
    value = word(name, given)
    if not value.startswith(("http://", "https://")) or len(value) > MAX_URL or not value.isprintable():
        raise ApiError(f"{name} is not a URL")
    return value


MAX_URL = 1000
Name = Annotated[str | None, text]
Number = Annotated[int | None, optional(integer)]


@get("/bots", differs="not described there")
def own(call: Call) -> Answer:
    """One's own bots."""
    bots = actions.own(call.services.store, call.user)
    return {"bots": [{**each, "username": each["email"]} for each in bots]}


@post(
    "/bots",
    differs="not described there",
    tells="realm_user/add realm_bot/add subscription/peer_add user_group/add_members",
)
def create(
    call: Call,
    *,
    full_name: Text,
    short_name: Text,
    bot_type: Annotated[int, integer] = bot_model.GENERIC,
    payload_url: Annotated[str, _url] = "",
    service_name: Name = None,
    interface_type: Annotated[int, integer] = bot_model.PLAIN,
) -> Answer:
    """A bot of one's own; of kind 3, an outgoing webhook calls `payload_url` when it is mentioned or
    written to."""
    if bot_type == bot_model.OUTGOING_WEBHOOK and not payload_url:
        raise ApiError("payload_url is not a URL")
    wanted = Wanted(full_name, short_name, bot_type, payload_url, interface_type, service_name or "")
    made = actions.create(call.services.store, call.user, wanted, bot_domain(call.services.public_url))
    return {
        "user_id": made.id,
        "api_key": made.api_key,
        "avatar_url": picture_url(made),
        "default_sending_stream": None,
        "default_events_register_stream": None,
        "default_all_public_streams": False,
    }


@patch(
    "/bots/<bot_id:int>",
    differs="not described there",
    who="its owner and admins",
    tells="realm_user/update realm_bot/update",
)
def change(
    call: Call,
    *,
    bot_id: int,
    full_name: Name = None,
    bot_owner_id: Number = None,
    service_payload_url: Annotated[str | None, _url] = None,
    service_interface: Number = None,
) -> Answer:
    """Its name, address, what it calls, or whose it is."""
    changes = Changes(full_name, bot_owner_id, service_payload_url, service_interface)
    changed = actions.change(call.services.store, call.user, bot_id, changes)
    return {
        "full_name": changed["full_name"],
        "avatar_url": changed["avatar_url"],
        "service_interface": _service(changed, "interface"),
        "service_payload_url": _service(changed, "base_url"),
        "default_sending_stream": None,
        "default_events_register_stream": None,
        "default_all_public_streams": False,
        "bot_owner": changed["owner_id"],
    }


def _service(bot: dict[str, Any], name: str) -> Any:
    return next((each[name] for each in bot["services"]), None)


@delete(
    "/bots/<bot_id:int>",
    differs="not described there",
    who="its owner and admins",
    tells="realm_user/update realm_bot/delete realm_bot/update",
)
def deactivate(call: Call, *, bot_id: int) -> Answer:
    """It can no longer do anything."""
    deactivation.deactivate(call.services.store, _accessed(call, bot_id))
    return {}


@post(
    "/bots/<bot_id:int>/api_key/regenerate",
    differs="not described there",
    who="its owner",
    tells="realm_bot/update",
)
def regenerate(call: Call, *, bot_id: int) -> Answer:
    """A new key in the place of the old one."""
    return {"api_key": keys.reset(call.services.store, _accessed(call, bot_id))}


@get("/bots/<bot_id:int>/api_key", differs="not described there", who="its owner")
def api_key(call: Call, *, bot_id: int) -> Answer:
    """Its key."""
    return {"api_key": _accessed(call, bot_id).api_key}


def _accessed(call: Call, bot_id: int) -> User:
    with call.services.store.read() as reader:
        return actions.access(reader, call.user, bot_id)
