"""Cards: what a page says of itself, shown below a message that links to it."""

from html import escape
from typing import NamedTuple

PAGE, PHOTO, VIDEO = "page", "photo", "video"


class Card(NamedTuple):
    """`image`: an address of the web, or "". A page without one has no card: clients know no other."""

    kind: str = PAGE
    title: str = ""
    description: str = ""
    image: str = ""


def card_html(card: Card, href: str) -> str:
    """`href` and the card's image have no character in them that ends a string of CSS."""
    return _HTML[card.kind](card, escape(href)) if card.image else ""


def _page(card: Card, href: str) -> str:
    title, style = escape(card.title), escape(f'background-image: url("{card.image}")')
    shown = f'<div class="message_embed_title"><a href="{href}" title="{title}">{title}</a></div>'
    if card.description:
        shown += f'<div class="message_embed_description">{escape(card.description)}</div>'
    return (
        f'<div class="message_embed"><a class="message_embed_image" href="{href}" style="{style}"></a>'
        f'<div class="data-container">{shown if card.title else ""}</div></div>'
    )


def _photo(card: Card, href: str) -> str:
    return _picture("message_inline_image", card, href)


def _video(card: Card, href: str) -> str:
    return _picture("embed-video message_inline_image", card, href)


def _picture(classes: str, card: Card, href: str) -> str:
    title = f' title="{escape(card.title)}"' if card.title else ""
    return f'<div class="{classes}"><a href="{href}"{title}><img src="{escape(card.image)}"></a></div>'


_HTML = {PAGE: _page, PHOTO: _photo, VIDEO: _video}
