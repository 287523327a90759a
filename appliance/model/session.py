"""A session: somebody is signed in at a browser."""

from typing import Any, NamedTuple

LIFETIME = 14 * 24 * 3600  # seconds in which it must be used again
MOST = 50  # of one person; the one that was not used for longest makes room
NOTED_AFTER = 3600  # seconds: when it was used is written down so often at most

# What the User-Agent of a browser has in it, the most particular first: most claim to be several.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


class Session(NamedTuple):
    """`browser`: as `label` calls it; times in seconds since the epoch."""

    id: int
    user_id: int
    browser: str
    created: int
    last_used: int


def label(user_agent: str) -> str:
    """What people call the browser that says so: "Firefox on Linux"; "" for what nobody knows."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if browser and system else browser or system


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")


def listed(session: Session, current: int | None) -> dict[str, Any]:
    """As its owner sees it; `current`: the id of the one that asks."""
    return {
        "id": session.id,
        "browser": session.browser,
        "created": session.created,
        "last_used": session.last_used,
        "is_current": session.id == current,
    }
