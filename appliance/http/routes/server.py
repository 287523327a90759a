"""The server itself: what it is, how to get a key."""

from appliance.actions import realm as realm_actions
from appliance.http.auth import log_in
from appliance.http.endpoint import Answer, Guest, get, post
from appliance.model.parameter import Text
from appliance.model.realm import server_settings


@get("/server_settings", public=True)
def settings(guest: Guest) -> Answer:
    return server_settings(realm_actions.get(guest.services.store), guest.services.public_url)


@post("/fetch_api_key", public=True)
def fetch_api_key(guest: Guest, *, username: Text, password: Text) -> Answer:
    user = log_in(guest.services, username, password)
    return {"api_key": user.api_key, "email": user.delivery_email, "user_id": user.id}
