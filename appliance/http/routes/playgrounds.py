"""Sites where code can be tried."""

from appliance.actions.realm import playground as actions
from appliance.http.endpoint import Answer, Call, delete, post
from appliance.model.parameter import Text
from appliance.model.playground import checked

ADMINS = "administrators"


@post("/realm/playgrounds", who=ADMINS, tells="realm_playgrounds")
def add(call: Call, *, name: Text, pygments_language: Text, url_template: Text) -> Answer:
    """Add a playground, for blocks of code of one language."""
    playground = checked(name, pygments_language, url_template)
    return {"id": actions.add(call.services.store, call.user, playground)}


@delete("/realm/playgrounds/<playground_id:int>", who=ADMINS, tells="realm_playgrounds")
def remove(call: Call, *, playground_id: int) -> Answer:
    """Remove a playground."""
    actions.remove(call.services.store, call.user, playground_id)
    return {}
