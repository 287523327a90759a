"""What a push says of a message: its `rendered_content` as short plain text.

Emoji are characters, images their description, TeX its source; a spoiler is its header, and a quote beside
words of the writer's own is cut to […]. The HTML comes from our own renderer through its sanitizer: tags are
known, closed and nested, and not deeply.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import NamedTuple

LONGEST = 200  # characters
CUT, HIDDEN = "[…]", "(…)"


class Text(NamedTuple):
    """`truncated`: it was longer, and ends in …"""

    text: str
    truncated: bool


def push_text(rendered: str) -> Text:
    blocks = _collapsed(_tree(rendered).children)
    lines = (line.rstrip() for line in "".join(map(_said, blocks)).split("\n"))
    whole = "\n".join(line for line in lines if line).strip()
    return Text(f"{whole[:LONGEST]}…", True) if len(whole) > LONGEST else Text(whole, False)


# -- the HTML as a tree


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[_Element | str]" = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def elements(self) -> "Iterator[_Element]":
        """Those in it, on every level."""
        for each in self.children:
            if isinstance(each, _Element):
                yield each
                yield from each.elements()


_Node = _Element | str
_VOID = frozenset({"br", "hr", "img"})


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1:
            self.open.pop()


def _tree(rendered: str) -> _Element:
    parser = _Tree()
    parser.feed(rendered)
    parser.close()
    return parser.open[0]


# -- quotes beside other words


def _collapsed(blocks: list[_Node]) -> list[_Node]:
    """Each run of quotes becomes CUT, if there is something beside them."""
    blocks = [each for each in blocks if isinstance(each, _Element) or each.strip()]
    kept: list[_Node] = []
    if not all(map(_is_quoted, blocks)):
        for quoted, run in groupby(blocks, _is_quoted):
            kept += [CUT] if quoted else run
    return [part for each in kept or blocks for part in (each, "\n")]


def _is_quoted(node: _Node) -> bool:
    """A quote, or the line before it: "Ann said:"."""
    return isinstance(node, _Element) and (node.tag == "blockquote" or _introduces(node))


def _introduces(element: _Element) -> bool:
    """A mention, a link to a message, and a colon."""
    inner = [each for each in element.elements() if "user-mention" in each.classes or _leads_here(each)]
    if element.tag != "p" or [each.tag for each in inner] != ["span", "a"]:
        return False
    beside = [each for each in element.children if isinstance(each, str)]
    return "".join(beside).strip() == ":"


def _leads_here(element: _Element) -> bool:
    target = element.attributes.get("href", "")
    return element.tag == "a" and "#narrow/" in target and "/near/" in target


# -- the words


def _said(node: _Node) -> str:
    if isinstance(node, str):
        return node
    for name in node.classes:
        if name in _BY_CLASS:
            return _BY_CLASS[name](node)
    return _BY_TAG.get(node.tag, _inside)(node)


def _inside(element: _Element) -> str:
    return "".join(map(_said, element.children))


def _emoji(element: _Element) -> str:
    code = re.search(r"\bemoji-([0-9a-f]+(?:-[0-9a-f]+)*)(?:\s|$)", element.attributes["class"])
    if code is None:
        return _image(element) or _inside(element)
    return "".join(chr(int(point, 16)) for point in code[1].split("-"))


def _image(element: _Element) -> str:
    return element.attributes.get("alt", "")


def _spoiler(element: _Element) -> str:
    headers = (each for each in element.elements() if "spoiler-header" in each.classes)
    header = next(map(_inside, headers), "").strip()
    return f"{header} {HIDDEN}".lstrip()


def _quote(element: _Element) -> str:
    return "".join(f"> {line}\n" for line in _inside(element).split("\n") if line.strip())


def _numbered(element: _Element) -> str:
    first = int(element.attributes.get("start", 1))
    items = (each for each in element.children if isinstance(each, _Element))
    return "\n".join(f"{number}. {_item(each)}" for number, each in enumerate(items, first))


def _item(element: _Element) -> str:
    return "".join(_nested(each) if _is_numbered(each) else _said(each) for each in element.children).strip()


def _nested(node: _Node) -> str:
    return "".join(f"\n  {line}" for line in _said(node).split("\n"))


def _is_numbered(node: _Node) -> bool:
    return isinstance(node, _Element) and node.tag == "ol"


_Say = Callable[[_Element], str]
_BY_CLASS: dict[str, _Say] = {
    "emoji": _emoji,
    "katex-mathml": lambda element: "",  # katex-html has the source of TeX, too
    "spoiler-block": _spoiler,
}
_BY_TAG: dict[str, _Say] = {"blockquote": _quote, "img": _image, "ol": _numbered}
