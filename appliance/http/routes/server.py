"""The server itself: what it is, how to get a key."""

from appliance.actions.realm import organization as realm_actions
from appliance.http.auth import log_in
from appliance.http.endpoint import Answer, Guest, get, post
from appliance.model.parameter import Text
from appliance.model.realm_section import server_settings


@get("/server_settings", public=True)
def settings(guest: Guest) -> Answer:
    """What the server is, for who is not signed in yet."""
    return server_settings(realm_actions.get(guest.services.store), guest.services.public_url)


@post("/fetch_api_key", public=True)
def fetch_api_key(guest: Guest, *, username: Text, password: Text) -> Answer:
    """The API key of who knows the password."""
    user = log_in(guest.services, username, password)
    return {"api_key": user.api_key, "email": user.delivery_email, "user_id": user.id}
