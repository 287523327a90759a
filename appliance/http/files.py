"""Sending files of the disk: in parts (Range), not again to who has them (ETag), never through memory."""

import os
import re
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import bottle

NOSNIFF = {"X-Content-Type-Options": "nosniff"}
PUBLIC, PRIVATE = "public, max-age=31536000, immutable", "private, max-age=31536000, immutable"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")

Body = BinaryIO | bytes


def send(path: Path, headers: dict[str, str], *, tag: str) -> Body:
    """The answer, which never changes for this `tag` (without quotes). Raises HTTPError 404 where there is no
    such file. Whoever serves closes it."""
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise bottle.HTTPError(404) from None
    size = os.fstat(file.fileno()).st_size
    for name, value in {"Accept-Ranges": "bytes", "ETag": f'"{tag}"', **NOSNIFF, **headers}.items():
        bottle.response.set_header(name, value)
    if _has(tag, "If-None-Match"):
        return _nothing(file, 304)
    wanted = _wanted(size, tag)
    if wanted is None:
        bottle.response.set_header("Content-Length", str(size))
        return file
    start, end = wanted
    if start >= end:
        bottle.response.set_header("Content-Range", f"bytes */{size}")
        return _nothing(file, 416)
    return _part(file, start, end, size)


def _part(file: BinaryIO, start: int, end: int, size: int) -> Body:
    """waitress goes on from where the file stands, for as long as Content-Length says."""
    bottle.response.status = 206
    bottle.response.set_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
    bottle.response.set_header("Content-Length", str(end - start))
    file.seek(start)
    return file


def _nothing(file: BinaryIO, status: int) -> bytes:
    file.close()
    bottle.response.status = status
    return b""


def _has(tag: str, header: str) -> bool:
    given = bottle.request.get_header(header, "")
    return given.strip() == "*" or f'"{tag}"' in given


def _wanted(size: int, tag: str) -> tuple[int, int] | None:
    """From where, and to before where; None: all of it, also for what is not one range of bytes."""
    found = _RANGE.fullmatch(bottle.request.get_header("Range", "").strip())
    if found is None or not (found[1] or found[2]):
        return None
    if bottle.request.get_header("If-Range") and not _has(tag, "If-Range"):
        return None
    if not found[1]:
        return max(0, size - int(found[2])), size
    return int(found[1]), min(size, int(found[2]) + 1) if found[2] else size


def disposition(kind: str, name: str) -> str:
    """`kind`: "inline" or "attachment". `name`: in all alphabets (RFC 6266), and for old browsers without."""
    plain = re.sub(r"[^ !#-\[\]-~]", "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
