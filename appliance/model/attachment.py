"""Uploaded files: what is kept of each, their names and addresses, and how browsers may be given them.

    /user_uploads/1/ab/DfOkzwdg_IwlrN3myw3KGtiJ/minutes.pdf
                  └── path_id ─────────────────────────┘

A path_id has a secret of 144 bits, and nothing but ASCII letters, digits and ".-_/", whatever the file was
called: `name` keeps that.
"""

import hmac
import mimetypes
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

REALM_ID = 1
ROUTE = "/user_uploads"
UNUSED_LIFETIME = 7 * 24 * 3600  # seconds for which a file may wait for a message that links to it
LINK_LIFETIME = 60  # seconds
MAX_NAME = 255  # characters
MAX_PATH_NAME = 100
UNNAMED = "uploaded-file"
PATH_ID = re.compile(r"[0-9]{1,10}/[A-Za-z0-9_-]{1,64}/[A-Za-z0-9_-]{1,64}/(?!\.)[A-Za-z0-9._-]{1,200}")

UNKNOWN_TYPE = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
PDF = "application/pdf"
# What a browser shows rather than saves: nothing that can hold a script, but for PDFs, whose viewer is safe.
INLINE = frozenset(
    {
        PDF,
        *(f"audio/{each}" for each in ("aac", "flac", "mp4", "mpeg", "ogg", "wav", "webm")),
        *(f"image/{each}" for each in ("apng", "avif", "gif", "jpeg", "png", "webp")),
        *(f"video/{each}" for each in ("mp4", "ogg", "webm")),
        "text/plain",
    }
)
# What a page could use as a script, a worker or a style (mimesniff 4.6, with text/css), were it told so.
_CODE = re.compile(r"(?:application|text)/(?:x-)?(?:java|ecma|j|live)script[0-9.]*|text/css")


@dataclass(frozen=True, slots=True)
class Attachment:
    """`size`: bytes; `created`: Unix milliseconds; `width` and `height`: pixels of an image that thumbnails
    can be made of, as it is to be seen; None: it is none. `moves`: it is an animation."""

    id: int
    path_id: str
    owner_id: int
    name: str
    content_type: str
    size: int
    created: int
    width: int | None = None
    height: int | None = None
    moves: bool = False

    @property
    def url(self) -> str:
        return f"{ROUTE}/{self.path_id}"

    def public(self, messages: list[dict[str, int]]) -> dict[str, Any]:
        """As clients see it. `messages`: those that link to it, {"id", "date_sent" in milliseconds}."""
        return {
            "id": self.id,
            "name": self.name,
            "path_id": self.path_id,
            "size": self.size,
            "create_time": self.created,
            "messages": messages,
        }


def clean_name(given: str) -> str:
    """What somebody called a file, without folders and what cannot be seen, of MAX_NAME characters at most;
    its ending is kept."""
    last = given.replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in last if unicodedata.category(each) not in _UNSEEN)
    name = " ".join(seen.split())
    if name.strip(".") == "":
        return UNNAMED
    ending = PurePosixPath(name).suffix[:16]
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - len(ending)] + ending


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, marks that turn text round, halves of characters


def new_path_id(name: str) -> str:
    """The address of a new file of that (clean) name."""
    return f"{REALM_ID}/{secrets.token_hex(1)}/{secrets.token_urlsafe(18)}/{path_name(name)}"


def path_name(name: str) -> str:
    """The last part of an address, for a file of that (clean) name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9._]+", "-", plain)
    stem, dot, ending = safe.rpartition(".")
    if not dot:
        stem, ending = safe, ""
    stem = stem.strip("-.")[: MAX_PATH_NAME - 20] or "file"
    ending = ending.strip("-")[:16]
    return f"{stem}.{ending}" if ending else stem


def content_type(claimed: str | None, name: str) -> str:
    """The media type of a file, without parameters: what its sender says it is, else what its name does."""
    kind = (claimed or "").partition(";")[0].strip().lower()
    if kind == UNKNOWN_TYPE or not _TYPE.fullmatch(kind):
        kind = mimetypes.guess_type(name)[0] or UNKNOWN_TYPE
    return kind


def sent_type(content_type: str) -> str:
    """What browsers are told of a file of this media type: no file comes to be code of our own origin."""
    return UNKNOWN_TYPE if _CODE.fullmatch(content_type) else content_type


# -- addresses that anybody may open for a while


def sign(secret: str, path_id: str, expires: int) -> str:
    """The key that opens a file until then (Unix seconds)."""
    return f"{expires}-{_signature(secret, path_id, expires)}"


def opens(secret: str, key: str, path_id: str, now: float) -> bool:
    """Takes as long for any key of the right form."""
    expires, _, signature = key.partition("-")
    if not re.fullmatch(r"[0-9]{1,12}", expires) or not signature.isascii():
        return False
    return hmac.compare_digest(signature, _signature(secret, path_id, int(expires))) and now < int(expires)


def _signature(secret: str, path_id: str, expires: int) -> str:
    return hmac.digest(secret.encode(), f"upload\n{expires}\n{path_id}".encode(), "sha256").hex()
