"""The organization's own emoji."""

from appliance.actions.realm import emoji as actions
from appliance.http.endpoint import Answer, Call, delete, get, upload
from appliance.http.uploads import received
from appliance.model.realm_emoji import MAX_MIB


@get("/realm/emoji")
def listed(call: Call) -> Answer:
    """All of them, by id, also those that are out of use."""
    with call.services.store.read() as reader:
        return {"emoji": actions.everything(reader)}


@upload("/realm/emoji/<emoji_name>", who="`can_add_custom_emoji_group`", tells="realm_emoji/update")
def add(call: Call, *, emoji_name: str) -> Answer:
    """A picture becomes an emoji; administrators may give it the name of one that everybody has."""
    store = call.services.store
    name = actions.check_adds(store, call.user, emoji_name)
    with received(call.environ, store.uploads, MAX_MIB) as (file, _):
        actions.add(store, call.user, name, file)
    return {}


@delete("/realm/emoji/<emoji_name>", who="administrators, and who made it", tells="realm_emoji/update")
def deactivate(call: Call, *, emoji_name: str) -> Answer:
    """It goes out of use; messages and reactions that have it keep it."""
    actions.deactivate(call.services.store, call.user, emoji_name)
    return {}
