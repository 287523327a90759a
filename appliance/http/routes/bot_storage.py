"""Texts that programs keep on the server."""

from typing import Annotated

from appliance.actions.bot import storage as actions
from appliance.http.endpoint import Answer, Call, delete, get, put
from appliance.model.bot_storage import entries
from appliance.model.parameter import optional, strings

Keys = Annotated[list[str] | None, optional(strings)]


@put("/bot_storage", differs="not described there")
def keep(call: Call, *, storage: Annotated[dict[str, str], entries]) -> Answer:
    """Texts by name, beside those that are there already; 10 MB in all."""
    actions.put(call.services.store, call.user, storage)
    return {}


@get("/bot_storage", differs="not described there")
def kept(call: Call, *, keys: Keys = None) -> Answer:
    """Those of the `keys`, or all."""
    return {"storage": actions.get(call.services.store, call.user, keys or [])}


@delete("/bot_storage", differs="not described there")
def remove(call: Call, *, keys: Keys = None) -> Answer:
    """Without `keys`: all."""
    actions.remove(call.services.store, call.user, keys or [])
    return {}
