"""What a page of the web says of itself: in OpenGraph's words, in its head, or in its first lines.

<meta property="og:title" content="Rye bread">    Facts(title="Rye bread", …)
"""

import re
import time
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from appliance.model.markdown.card import PAGE, PHOTO, VIDEO, Card

MAX_TITLE, MAX_DESCRIPTION, MAX_URL = 300, 1000, 2000  # characters
READING = 0.1  # seconds of CPU for a page
_CHUNK = 8192  # characters
_CHARSETS = re.compile(
    r"utf-?8|us-ascii|iso-8859-[0-9]{1,2}|windows-125[0-9]|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb(?:2312|k|18030)"
    r"|big5",
    re.IGNORECASE,
)
_HTML = re.compile(rb"<!doctype\s+html|<html|<head", re.IGNORECASE)
_SNIFFED = 1000  # bytes
_OEMBED = "application/json+oembed"
_SAFE = "%/:?#[]@!$&()*+,;=~"  # of an address: with what remains, nothing ends a string in CSS or HTML
_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)


class Facts(NamedTuple):
    """`image` and `oembed` (where the page says more of itself, in JSON) are whole addresses. "": unknown."""

    title: str = ""
    description: str = ""
    image: str = ""
    oembed: str = ""

    @property
    def card(self) -> Card:
        return Card(PAGE, self.title, self.description, self.image)


def is_html(content_type: str, body: bytes) -> bool:
    """By what the server says; where it says nothing, by how it begins."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "text/html" or (not kind and _HTML.search(body[:_SNIFFED]) is not None)


def text(content_type: str, body: bytes) -> str:
    charset = content_type.rpartition("charset=")[2].strip("\"' ;")
    return body.decode(charset if _CHARSETS.fullmatch(charset) else "utf-8", "replace")


def facts(html: str, url: str) -> Facts:
    """`url`: where the page was found in the end."""
    reader = _Reader()
    began = time.thread_time()
    with suppress(AssertionError):  # what the library makes of some that is no HTML
        for start in range(0, len(html), _CHUNK):
            reader.feed(html[start : start + _CHUNK])
            if time.thread_time() - began > READING:
                break
    meta, said = reader.meta, reader.said
    return Facts(
        _short(_first(meta.get("og:title"), said.get("title"), said.get("h1")), MAX_TITLE),
        _short(_first(meta.get("og:description"), meta.get("description"), said.get("p")), MAX_DESCRIPTION),
        address(_first(meta.get("og:image"), reader.image), url),
        address(reader.oembed, url),
    )


def _first(*found: str | None) -> str:
    return next((each for each in found if each), "")


def _short(words: str, longest: int) -> str:
    return " ".join(words.split())[:longest]


def address(written: str, base: str) -> str:
    """A whole one of the web; "" for what is none."""
    try:
        whole = quote(urljoin(base, written.strip()), safe=_SAFE) if written else ""
    except ValueError:
        return ""
    return whole if len(whole) <= MAX_URL and _ADDRESS.fullmatch(whole) else ""


class _Reader(HTMLParser):
    """Of each element that may tell something, the first. Never closed: what is not whole is nothing."""

    _TOLD = ("title", "h1", "p")

    def __init__(self) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.said: dict[str, str] = {}  # by element
        self.image = self.oembed = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag in self._TOLD and (tag not in self.said or (tag == "p" and self._is_before_heading())):
            self.said.pop(tag, None)
            self._inside, self.said[tag] = tag, ""
        elif tag == "meta" and (name := known.get("property") or known.get("name")):
            self.meta.setdefault(name.lower(), known.get("content", ""))
        elif tag == "link" and known.get("type", "").lower() == _OEMBED:
            self.oembed = self.oembed or known.get("href", "")
        elif tag == "img" and "h1" in self.said:
            self.image = self.image or known.get("src", "")

    def _is_before_heading(self) -> bool:
        """The paragraph that was found: one after the heading says more."""
        return list(self.said)[-1] == "h1"

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and len(self.said[self._inside]) <= MAX_DESCRIPTION:
            self.said[self._inside] += data


# -- oEmbed (https://oembed.com)

WIDTH, HEIGHT = 640, 480


def sized(oembed: str) -> str:
    """The address to ask, with the size that we have room for."""
    parts = urlsplit(oembed)
    query = dict(parse_qsl(parts.query)) | {"maxwidth": str(WIDTH), "maxheight": str(HEIGHT)}
    return urlunsplit(parts._replace(query=urlencode(query)))


def embedded(found: dict[str, Any], known: Facts, url: str) -> Card:
    """With what its oEmbed answer says, and what the page did where that says nothing."""
    said = {name: value for name, value in found.items() if isinstance(value, str)}
    title = _short(said.get("title", ""), MAX_TITLE) or known.title
    for kind, name in ((PHOTO, "url"), (VIDEO, "thumbnail_url")):
        if said.get("type") == kind and (image := address(said.get(name, ""), url)):
            return Card(kind, title, "", image)
    return known._replace(title=title).card
