"""One file per resource; importing them declares their endpoints."""

from appliance.http.routes import channels, events, internal, messages, presence, server, settings, users

__all__ = ["channels", "events", "internal", "messages", "presence", "server", "settings", "users"]
