"""Words of which one wants to be alerted."""

from appliance.actions.personal import alert_word as actions
from appliance.http.endpoint import Answer, Call, delete, get, post
from appliance.model.parameter import Strings
from appliance.store import alert_word as table


@get("/users/me/alert_words")
def listed(call: Call) -> Answer:
    """The words, up to 200, that set the flag `has_alert_word` of new and edited messages."""
    with call.services.store.read() as reader:
        return {"alert_words": table.of_user(reader, call.user.id)}


@post("/users/me/alert_words", tells="alert_words")
def add(call: Call, *, alert_words: Strings) -> Answer:
    """More of them → all of them."""
    return {"alert_words": actions.add(call.services.store, call.user, alert_words)}


@delete("/users/me/alert_words", tells="alert_words")
def remove(call: Call, *, alert_words: Strings) -> Answer:
    """Fewer → those that are left."""
    return {"alert_words": actions.remove(call.services.store, call.user, alert_words)}
