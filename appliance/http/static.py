"""Files that browsers and clients fetch: those of `appliance/static/`, and no others.

Pages name them below `/static/DIGEST/`, where they never change: DIGEST is of all of them. Modules import
each other by relative addresses, and so stay with the same version of all. A page that was opened before an
upgrade asks below an older DIGEST for what it opens seldom: it gets the file of today.

They are read, made small (lean.py), joined (joined.py) and compressed once, and kept in memory.
"""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path, PurePath
from typing import NamedTuple

import bottle

import appliance
from appliance.http import lean, transfer
from appliance.http.joined import Joined

MAX_AGE = 3600  # seconds, of an address without the digest
FOREVER = "max-age=31536000, immutable"
FOLDER = Path(appliance.__file__).parent / "static"
EMOJI = FOLDER.parent / "model" / "emoji_names.json"
CONTENT_TYPES = {
    ".css": "text/css; charset=UTF-8",
    ".js": "text/javascript",  # modules and workers are in UTF-8, whatever is said of them
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
LEVEL = 9  # of gzip: it is done once
PAYS = 0.8  # of the size: pictures are compressed as they are
DIGEST = re.compile("[0-9a-f]{16}")  # that of some version
WORKER = "worker.js"
WORKER_POLICY = "default-src 'none'; connect-src 'self'"


class File(NamedTuple):
    """`packed`: in gzip; None where that does not pay."""

    content_type: str
    body: bytes
    packed: bytes | None


@cache
def files() -> dict[str, Path]:
    """By the address below `/static/DIGEST/`, as they lie there."""
    found = (each for each in FOLDER.rglob("*") if each.suffix in CONTENT_TYPES)
    return {**{each.relative_to(FOLDER).as_posix(): each for each in found}, EMOJI.name: EMOJI}


@cache
def modules() -> Joined:
    return Joined({name: lean.module(path) for name, path in files().items() if path.suffix == ".js"})


@cache
def addresses() -> frozenset[str]:
    return frozenset({*files(), *modules().files})


@cache
def digest() -> str:
    everything = hashlib.sha256()
    for name in sorted(addresses()):
        everything.update(name.encode() + b"\0" + _body(name))
    return everything.hexdigest()[:16]


def address(name: str) -> str:
    return f"/static/{digest()}/{name}"


def mount(app: bottle.Bottle) -> None:
    app.route("/static/<name:path>", "GET", _serve)
    app.route(f"/{WORKER}", "GET", _serve_worker)


def _serve(name: str) -> bytes:
    version, _, rest = name.partition("/")
    if version == digest():
        return _send(rest, FOREVER)
    if DIGEST.fullmatch(version):
        return _send(rest, "no-cache")
    return _send(name, f"public, max-age={MAX_AGE}")


def _serve_worker() -> bytes:
    """At the root, since a service worker serves what is beside it and below."""
    bottle.response.set_header("Content-Security-Policy", WORKER_POLICY)
    return _send(WORKER, "no-cache")


def _send(name: str, kept: str) -> bytes:
    """`kept`: for how long browsers do without asking again."""
    if name not in addresses():
        raise bottle.HTTPError(404)
    file = _read(name)
    response = bottle.response
    response.content_type = file.content_type
    response.set_header("Cache-Control", kept)
    response.set_header("X-Content-Type-Options", "nosniff")
    if kept != FOREVER and transfer.unchanged(file.body):
        return b""
    return transfer.packed(file.body, file.packed)


@cache
def _read(name: str) -> File:
    body = _body(name)
    packed = gzip.compress(body, LEVEL, mtime=0)
    content_type = CONTENT_TYPES[PurePath(name).suffix]
    return File(content_type, body, packed if len(packed) < PAYS * len(body) else None)


def _body(name: str) -> bytes:
    if name in modules().files:
        return modules().files[name].encode()
    path = files()[name]
    return lean.sheet(path).encode() if path.suffix == ".css" else path.read_bytes()


def cacheable(body: bytes, content_type: str) -> bytes:
    """The answer, which anybody may keep: empty (304) for who has the same bytes already."""
    response = bottle.response
    response.content_type = content_type
    response.set_header("Cache-Control", f"public, max-age={MAX_AGE}")
    response.set_header("X-Content-Type-Options", "nosniff")
    if transfer.unchanged(body):
        return b""
    return body if content_type.startswith("image/") else transfer.compressed(body)
