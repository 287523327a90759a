"""Patterns of text that become links."""

from appliance.actions.realm import linkifier as actions
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model.linkifier import Linkifier, public
from appliance.model.parameter import Integers, Text
from appliance.store import linkifier as linkifiers

ADMINS = "administrators"


@get("/realm/linkifiers")
def everything(call: Call) -> Answer:
    """All linkifiers, in the order in which they are tried."""
    with call.services.store.read() as reader:
        return {"linkifiers": [public(each) for each in linkifiers.everything(reader)]}


@patch("/realm/linkifiers", who=ADMINS, tells="realm_linkifiers")
def reorder(call: Call, *, ordered_linkifier_ids: Integers) -> Answer:
    """Order the linkifiers anew; all of them must be listed."""
    actions.reorder(call.services.store, call.user, ordered_linkifier_ids)
    return {}


@post("/realm/filters", who=ADMINS, tells="realm_linkifiers")
def add(call: Call, *, pattern: Text, url_template: Text) -> Answer:
    """Add a linkifier: an RE2 pattern, and a URL template with the names of its groups."""
    return {"id": actions.add(call.services.store, call.user, pattern, url_template)}


@patch("/realm/filters/<filter_id:int>", who=ADMINS, tells="realm_linkifiers")
def change(call: Call, *, filter_id: int, pattern: Text, url_template: Text) -> Answer:
    """Change a linkifier."""
    actions.change(call.services.store, call.user, Linkifier(filter_id, pattern, url_template))
    return {}


@delete("/realm/filters/<filter_id:int>", who=ADMINS, tells="realm_linkifiers")
def remove(call: Call, *, filter_id: int) -> Answer:
    """Remove a linkifier; links that it made stay."""
    actions.remove(call.services.store, call.user, filter_id)
    return {}
