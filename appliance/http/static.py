"""Files that browsers and clients fetch: these, and no others."""

from pathlib import Path
from typing import NamedTuple

import bottle

import appliance
from appliance.http import transfer

MAX_AGE = 3600  # seconds
FOLDER = Path(appliance.__file__).parent


class File(NamedTuple):
    path: str  # below the package
    content_type: str


FILES = {
    "pages.css": File("static/pages.css", "text/css; charset=UTF-8"),
    "icon.png": File("static/icon.png", "image/png"),
    "emoji_names.json": File("model/emoji_names.json", "application/json"),
}


def mount(app: bottle.Bottle) -> None:
    app.route("/static/<name>", "GET", _serve)


def _serve(name: str) -> bytes:
    file = FILES.get(name)
    if file is None:
        raise bottle.HTTPError(404)
    return cacheable((FOLDER / file.path).read_bytes(), file.content_type)


def cacheable(body: bytes, content_type: str) -> bytes:
    """The answer, which anybody may keep: empty (304) for who has the same bytes already."""
    response = bottle.response
    response.content_type = content_type
    response.set_header("Cache-Control", f"public, max-age={MAX_AGE}")
    response.set_header("X-Content-Type-Options", "nosniff")
    if transfer.unchanged(body):
        return b""
    return body if content_type.startswith("image/") else transfer.compressed(body)
