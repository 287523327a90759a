"""One's own picture."""

from appliance.actions.file import avatar as actions
from appliance.http.endpoint import Answer, Call, delete, upload
from appliance.http.uploads import received
from appliance.model.user import picture_url


@upload("/users/me/avatar", tells="realm_user/update", differs="not described there")
def put(call: Call) -> Answer:
    """A picture of oneself; what is not square is cut."""
    store = call.services.store
    with received(call.environ, store.uploads, actions.MAX_MIB) as (file, _):
        changed = actions.put(store, call.user, file)
    return {"avatar_url": picture_url(changed)}


@delete("/users/me/avatar", tells="realm_user/update", differs="not described there")
def drop(call: Call) -> Answer:
    """One's initials instead."""
    return {"avatar_url": picture_url(actions.drop(call.services.store, call.user))}
