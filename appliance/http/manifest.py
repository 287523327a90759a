"""What a browser has to know to install the page as an app."""

from typing import Any

import bottle
import orjson

from appliance.actions.realm import organization as realm_actions
from appliance.http import static
from appliance.http.page import Page, Visit

SHORT_NAME = 12  # characters, below an icon
PAPER, ACCENT = "#f6f7f9", "#1f5f8b"  # of style/base.css: a manifest knows no dark theme
ICONS = (("icon-192.png", 192, "any"), ("icon.png", 512, "any"), ("icon-maskable.png", 512, "maskable"))


def _manifest(visit: Visit) -> str:
    bottle.response.set_header("Content-Type", "application/manifest+json")
    bottle.response.set_header("Cache-Control", "no-cache")
    return orjson.dumps(describe(realm_actions.get(visit.services.store).name)).decode()


def describe(realm_name: str) -> dict[str, Any]:
    return {
        "id": "/",
        "name": realm_name,
        "short_name": realm_name if len(realm_name) <= SHORT_NAME else f"{realm_name[: SHORT_NAME - 1]}…",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "dir": "auto",
        "background_color": PAPER,
        "theme_color": ACCENT,
        "icons": [
            {"src": static.address(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in ICONS
        ],
    }


PAGES = (Page("GET", "/manifest.webmanifest", _manifest),)
