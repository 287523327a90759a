"""The last belt: whatever the rules above did wrong, only this HTML leaves the renderer."""

import re
from functools import cache
from html import escape

import nh3

_NAMES = (
    "a annotation blockquote br code del div em h1 h2 h3 h4 h5 h6 hr img li math ol p pre semantics span"
    " strong table tbody td th thead time tr ul video"
)
TAGS = set(_NAMES.split())
ATTRIBUTES = {
    "a": {"class", "data-id", "data-stream-id", "href", "title"},
    "annotation": {"encoding"},
    "div": {"aria-hidden", "class", "data-code-language"},
    "img": {
        "alt", "class", "data-animated", "data-original-content-type", "data-original-dimensions", "src",
        "title",
    },
    "math": {"display", "xmlns"},
    "ol": {"start"},
    "span": {"aria-hidden", "aria-label", "class", "data-user-group-id", "data-user-id", "role", "title"},
    "time": {"datetime"},
    "video": {"preload", "src"},
}  # fmt: skip
ALIGNMENTS = {f"text-align: {side};" for side in ("left", "center", "right")}
SCHEMES = {"ftp", "http", "https", "mailto", "sms", "tel"}
_CARD_STYLE = re.compile(r'background-image: url\("https?://[!#-\[\]-~]+"\)')


@cache
def _cleaner(cards: bool) -> nh3.Cleaner:
    """Only messages with cards may have styles in links, each of which is then looked at."""
    styled = {"a": ATTRIBUTES["a"] | {"style"}} if cards else {}
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES | styled,
        attribute_filter=_unless_styled if cards else None,
        tag_attribute_values={"td": {"style": ALIGNMENTS}, "th": {"style": ALIGNMENTS}},
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _unless_styled(tag: str, name: str, value: str) -> str | None:
    return value if (tag, name) != ("a", "style") or _CARD_STYLE.fullmatch(value) else None


def clean(html: str, *, cards: bool = False) -> str:
    return _cleaner(cards).clean(html)


def accepts_link(url: str) -> bool:
    """Whether `clean` would leave a link to this address: a safe scheme, or a path here, and well-formed."""
    return clean(f'<a href="{escape(url)}"></a>') != "<a></a>"
