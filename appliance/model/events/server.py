"""What the server says of itself. These are about the queue's connection, not about anything in it."""

from appliance.model.events.kind import kind
from appliance.model.events.types import BOOLEAN, TEXT, WHOLE, Object, OneOf, noted

NAMED: tuple[Object | OneOf, ...] = ()

KINDS = (
    kind(
        "heartbeat",
        "every client that waits, whatever `event_types` it asked for",
        "nothing happened for 45 to 55 seconds",
        {},
        served=True,
    ),
    kind(
        "restart",
        "everybody",
        "the server was restarted, perhaps as a newer version; the queue goes on",
        {
            "zulip_version": TEXT,
            "zulip_merge_base": TEXT,
            "zulip_feature_level": WHOLE,
            "server_generation": noted(WHOLE, "Unix seconds of the start"),
        },
        served=True,
    ),
    kind(
        "web_reload_client",
        "everybody, after a restart",
        "whoever has their program from the server, as web pages do, is to load it again",
        {"immediate": noted(BOOLEAN, "true: at once, not when it suits")},
        served=True,
    ),
)
