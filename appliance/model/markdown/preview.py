"""What is shown of what a message links to: pictures and films below their paragraph, cards at its end."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from appliance.model.markdown.card import card_html
from appliance.model.markdown.context import Context
from appliance.model.markdown.picture import Link, is_picture, is_youtube, picture_html, youtube_html

MOST = 24  # different links of a message that have previews; if there are more, none has
TYPED = "linkify"  # markup of a link that is no more than its address


class Place(NamedTuple):
    position: int  # of the paragraph's tokens
    link: Link


def previews(state: StateCore) -> None:
    """The rule, after all links are known. What is linked to twice is shown once."""
    context: Context = state.env["context"]
    if not context.has_link:
        return
    places: dict[str, Place] = {}
    for place in _places(state.tokens, context):
        places.setdefault(place.link.url, place)
    if not 0 < len(places) <= MOST:
        return
    below: defaultdict[int, str] = defaultdict(str)
    gone: set[int] = set()
    for position, link in places.values():
        if html := picture_html(link, context):
            below[position] += html
            gone.update(_instead(state.tokens, position) if link.alone else ())
    end = "".join(_at_end(place.link, context) for place in places.values())
    if below or end:
        state.tokens = [*_arranged(state.tokens, below, gone), *_html(end)]


def _places(tokens: list[Token], context: Context) -> Iterator[Place]:
    """Of all links but quoted ones; and notes the files that any link to."""
    depth = 0
    for position, token in enumerate(tokens):
        if token.tag == "blockquote":
            depth += token.nesting
        for link in _links(token.children or ()) if token.type == "inline" else ():
            if path_id := link.upload:
                context.upload_paths |= {path_id}
            if not depth:
                yield Place(position, link)


def _links(children: Sequence[Token]) -> Iterator[Link]:
    opened, text = None, ""
    for child in children:
        if child.type == "link_open":
            opened, text = child, ""
        elif opened and child.type == "link_close":
            url = str(opened.attrs["href"])
            title = "" if opened.markup == TYPED or text == url else text
            yield Link.to(url, title, alone=not title and len(children) <= 3)
            opened = None
        elif opened and child.type in ("text", "code_inline"):
            text += child.content


# -- where


def _instead(tokens: list[Token], position: int) -> Sequence[int]:
    """Of which tokens a picture takes the place: a paragraph's, or what an item of a tight list has."""
    shapes = {
        "paragraph_open": range(position - 1, position + 2),
        "list_item_open": range(position, position + 1),
    }
    return shapes.get(tokens[position - 1].type, ())


def _arranged(tokens: list[Token], below: Mapping[int, str], gone: set[int]) -> Iterator[Token]:
    """With what is to stand below a paragraph, item or heading after it; below a cell, after the table."""
    waiting = ""
    for position, token in enumerate(tokens):
        if position not in gone:
            yield token
        waiting += below.get(position, "")
        if waiting and _may_follow(tokens, position):
            yield from _html(waiting)
            waiting = ""


_ENDS = ("paragraph_close", "heading_close", "table_close")


def _may_follow(tokens: list[Token], position: int) -> bool:
    """Clients take no picture before the bare text of an item of a tight list."""
    token, before, after = tokens[position], tokens[position - 1], tokens[position + 1 : position + 2]
    bare = token.type == "inline" and (before.type == "list_item_open" or before.nesting < 1)
    return (bare or token.type in _ENDS) and not (after and after[0].type == "inline")


def _html(content: str) -> Iterator[Token]:
    if content:
        yield Token("html_block", "", 0, content=f"{content}\n")


# -- at the end


def _at_end(link: Link, context: Context) -> str:
    if is_youtube(link):
        return youtube_html(link, context)
    if link.host is None or is_picture(link):
        return ""
    context.preview_urls += (link.url,)
    card = context.directory.card(link.url)
    html = card_html(card, link.url) if card else ""
    context.has_cards |= bool(html)
    return html
