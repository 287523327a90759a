"""Bodies of the form multipart/form-data, read as they come: no part is ever in memory as a whole.

    for part in parts(stream, boundary):
        part.name, part.filename, part.content_type     # filename None: a field, no file
        for chunk in part: ...

A part that is not read to its end is skipped. RFC 7578; names as browsers and urllib3 write them.
"""

import re
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import unquote

from appliance.base.errors import ApiError

CHUNK = 64 * 1024
MOST_PARTS = 1000
MAX_HEADER = 8 * 1024
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))\s*(?:;|$)', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*([\w-]+(\*?))\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))')


class Malformed(ApiError):
    def __init__(self) -> None:
        super().__init__("Malformed multipart body")


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def boundary_of(content_type: str) -> bytes:
    """Raises Malformed."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise Malformed
    return (found[1] or found[2]).encode("latin-1", "replace")


def parts(stream: Readable, boundary: bytes) -> Iterator["Part"]:
    """Raises Malformed, also while a part is read."""
    body = _Body(stream, boundary)
    for _ in body.until_delimiter():
        pass  # what comes before the first part means nothing
    number = 0
    while body.begins_part():
        number += 1
        if number > MOST_PARTS:
            raise ApiError(f"Too many parameters (maximum {MOST_PARTS}).")
        part = Part(body, body.header())
        yield part
        for _ in part:
            pass


class Part:
    """Iterating gives its bytes, in chunks, once."""

    def __init__(self, body: "_Body", headers: dict[str, str]) -> None:
        disposition = headers.get("content-disposition", "")
        if not disposition.lower().startswith("form-data"):
            raise Malformed
        given = _parameters(disposition)
        self.name = given.get("name", "")
        self.filename = given.get("filename")
        self.content_type = headers.get("content-type")
        self._chunks = body.until_delimiter()

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks


class _Body:
    """What is left of the body. Before each delimiter there is a line end, which is part of it."""

    def __init__(self, stream: Readable, boundary: bytes) -> None:
        self._stream = stream
        self._delimiter = b"\r\n--" + boundary
        self._buffer = b"\r\n"  # the first one may stand at the very beginning

    def _more(self) -> None:
        chunk = self._stream.read(CHUNK)
        if not chunk:
            raise Malformed
        self._buffer += chunk

    def until_delimiter(self) -> Iterator[bytes]:
        """And past it."""
        keep = len(self._delimiter) - 1  # of its bytes may be at the buffer's end
        while (found := self._buffer.find(self._delimiter)) < 0:
            if len(self._buffer) > keep:
                chunk, self._buffer = self._buffer[:-keep], self._buffer[-keep:]
                yield chunk
            self._more()
        chunk, self._buffer = self._buffer[:found], self._buffer[found + len(self._delimiter) :]
        if chunk:
            yield chunk

    def begins_part(self) -> bool:
        """Behind a delimiter: does a part follow, or was it the last one?"""
        while len(self._buffer) < 2:
            self._more()
        if self._buffer.startswith(b"--"):
            return False
        self._line()  # blanks may follow the boundary
        return True

    def header(self) -> dict[str, str]:
        """By name in small letters."""
        found, left = dict[str, str](), MAX_HEADER
        while line := self._line():
            left -= len(line)
            if left < 0:
                raise Malformed
            name, _, value = line.partition(":")
            found[name.strip().lower()] = value.strip()
        return found

    def _line(self) -> str:
        while (end := self._buffer.find(b"\r\n")) < 0:
            if len(self._buffer) > MAX_HEADER:
                raise Malformed
            self._more()
        line, self._buffer = self._buffer[:end], self._buffer[end + 2 :]
        return line.decode("utf-8", "replace")


def _parameters(disposition: str) -> dict[str, str]:
    """Of both forms that a name can have (name and name*), the one for all alphabets wins."""
    plain, extended = dict[str, str](), dict[str, str]()
    for name, star, quoted, bare in _PARAMETER.findall(disposition):
        value = re.sub(r'\\(["\\])', r"\1", quoted) if quoted else bare
        if star:
            extended[name[:-1].lower()] = unquote(value.rpartition("'")[2], errors="replace")
        else:
            plain[name.lower()] = value.replace("%22", '"')
    return plain | extended
