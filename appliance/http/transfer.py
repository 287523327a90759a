"""How the body of an answer travels: not at all to who has it already, in gzip to who understands that."""

import gzip
import hashlib
import re

import bottle

WORTH = 1400  # bytes: less goes in one packet as it is
LEVEL = 1  # of 9; JSON shrinks to about a seventh, the higher ones take thrice as long for a tenth of that
_REFUSED = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


def unchanged(body: bytes) -> bool:
    """Give the answer its ETag. True: the client has the same bytes, and this is a 304.

    The tag is a weak one: it is of the body as it is before it is compressed.
    """
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    bottle.response.set_header("ETag", f"W/{tag}")
    if tag not in bottle.request.get_header("If-None-Match", ""):
        return False
    bottle.response.status = 304
    return True


def compressed(body: bytes) -> bytes:
    """`body`, in gzip where it pays."""
    return gzip.compress(body, LEVEL, mtime=0) if len(body) >= WORTH and _in_gzip() else body


def packed(body: bytes, in_gzip: bytes | None) -> bytes:
    """The same of what was compressed before; None: it does not pay."""
    return in_gzip if in_gzip is not None and _in_gzip() else body


def _in_gzip() -> bool:
    """Is the answer to travel so? If it is, its headers say it."""
    bottle.response.add_header("Vary", "Accept-Encoding")
    accepted = bottle.request.get_header("Accept-Encoding", "").lower()
    if "gzip" not in accepted or _REFUSED.search(accepted):
        return False
    bottle.response.set_header("Content-Encoding", "gzip")
    return True


def answer(body: bytes) -> bytes:
    """What is sent of an answer in JSON. A long one to a GET is asked for anew, but not sent anew."""
    if bottle.request.method in ("GET", "HEAD"):
        bottle.response.set_header("Cache-Control", "private, no-cache")
        if len(body) >= WORTH and unchanged(body):
            return b""
    return compressed(body)
