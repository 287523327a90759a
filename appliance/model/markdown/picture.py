"""Pictures and films that are shown of what a link leads to."""

import re
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from appliance.model.markdown.context import Context
from appliance.model.markdown.directory import Directory

_PICTURES = (".bmp", ".gif", ".jpe", ".jpeg", ".jpg", ".png", ".webp")
_FILMS = (".mp4", ".webm")
_ENDINGS = (*_PICTURES, *_FILMS)
_URL = re.compile(
    r"(?:https?://(?:[^/?#@]*@)?([^/?#:]*)[^/?#]*)?((?:/[^?#]*)?)(?:\?([^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_UPLOAD = re.compile(r"/user_uploads/(?!thumbnail/|download/|temporary/)(.+)", re.DOTALL)
_YOUTUBE = re.compile(r"(?:(?:www\.|m\.)?youtube|(?:www\.)?youtube-nocookie)\.com")
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|v)/([^/]+)")
_YOUTUBE_ID = re.compile(r"[0-9A-Za-z_-]{1,50}")


class Link(NamedTuple):
    """`title`: its text, unless that is only the address. `alone`: its paragraph has nothing else in it.
    `host`: None for what is on this server, or not on the web at all; then there is no `path`, either."""

    url: str
    title: str
    alone: bool
    host: str | None
    path: str
    query: str

    @classmethod
    def to(cls, url: str, title: str, *, alone: bool) -> "Link":
        match = _URL.fullmatch(url)
        host, path, query = match.groups("") if match else ("", "", "")
        return cls(url, title, alone, host or None, path, query)

    @property
    def upload(self) -> str | None:
        """The path_id of an uploaded file, should this be one; people write the whole address, too."""
        match = _UPLOAD.fullmatch(self.path)
        return unquote(match[1]) if match else None


def is_picture(link: Link) -> bool:
    """Or a film."""
    return link.path.lower().endswith(_ENDINGS)


def picture_html(link: Link, context: Context) -> str:
    """Or a film's; "" for what is none."""
    if not is_picture(link) or not context.directory.shows_images():
        return ""
    context.has_image = True
    make = _film if link.path.lower().endswith(_FILMS) else _picture
    return make(link, context.directory)


def _picture(link: Link, directory: Directory) -> str:
    return _inline(link, "message_inline_image", f"<img{_source(link, directory)}>")


def _film(link: Link, _: Directory) -> str:
    video = f'<video preload="metadata" src="{escape(link.url)}"></video>'
    return _inline(link, "message_inline_image message_inline_video", video)


def _inline(link: Link, classes: str, inner: str) -> str:
    title = f' title="{escape(link.title)}"' if link.title else ""
    return f'<div class="{classes}"><a href="{escape(link.url)}"{title}>{inner}</a></div>'


def _source(link: Link, directory: Directory) -> str:
    """Of a picture of ours its thumbnail, with the size of the whole."""
    path_id = link.upload if link.host is None else None
    upload = directory.upload(path_id) if path_id else None
    if not upload:
        return f' src="{escape(link.url)}"'
    moves = ' data-animated="true"' if upload.moves and upload.thumbnail else ""
    thumbnail = f"/user_uploads/thumbnail/{path_id}/{upload.thumbnail}" if upload.thumbnail else link.url
    return (
        f'{moves} data-original-content-type="{escape(upload.content_type)}"'
        f' data-original-dimensions="{upload.width}x{upload.height}" src="{escape(thumbnail)}"'
    )


def is_youtube(link: Link) -> bool:
    return _youtube_id(link) is not None


def youtube_html(link: Link, context: Context) -> str:
    if not context.directory.shows_images():
        return ""
    context.has_image = True
    video = _youtube_id(link)
    return (
        f'<div class="youtube-video message_inline_image"><a data-id="{video}" href="{escape(link.url)}">'
        f'<img src="https://i.ytimg.com/vi/{video}/mqdefault.jpg"></a></div>'
    )


def _youtube_id(link: Link) -> str | None:
    host, path, query = link.host, link.path, link.query
    if host == "youtu.be":
        found = path[1:]
    elif not _YOUTUBE.fullmatch(host or ""):
        return None
    elif path in ("/watch", "/watch_popup"):
        found = parse_qs(query).get("v", [""])[0]
    else:
        match = _YOUTUBE_PATH.match(path)
        found = match[1] if match else ""
    return found if _YOUTUBE_ID.fullmatch(found) else None
