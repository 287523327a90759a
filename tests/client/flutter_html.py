"""What zulip-flutter knows of a message's HTML: it shows the source of all else.

unknown('<p>a</p><section></section>') -> ["<section></section>"]
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Element:
    """`kind`: its tag and class, such as "div.codehilite"."""

    kind: str
    children: "list[Node]" = field(default_factory=list)
    attributes: dict[str, str | None] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return self.kind.partition(".")[0]

    def __str__(self) -> str:
        return f"<{self.kind} {self.attributes}>{''.join(map(str, self.children))}</{self.tag}>"

    def within(self) -> "Iterator[Element]":
        """Itself and all that are in it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.within()


Node = Element | str
Unknown = Iterator[str]  # what the app shows the source of


class Tree(HTMLParser):
    """HTML as it leaves the sanitizer: whatever is opened is closed, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open = [Element("")]
        self.feed(html)
        self.close()
        assert len(self.open) == 1

    @property
    def root(self) -> Element:
        return self.open[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        kind = f"{tag}.{attributes['class']}" if attributes.get("class") else tag
        self.open[-1].children.append(element := Element(kind, [], attributes))
        if tag not in ("br", "hr", "img"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        siblings = self.open[-1].children
        if siblings and isinstance(siblings[-1], str):
            siblings[-1] += data
        else:
            siblings.append(data)


def unknown(html: str) -> list[str]:
    return list(_blocks(Tree(html).root.children))


# -- blocks


def _blocks(nodes: Iterable[Node]) -> Unknown:
    for node in nodes:
        if isinstance(node, Element):
            yield from _known(BLOCKS, node)
        elif node.strip("\n"):
            yield node


def _paragraph(paragraph: Element) -> Unknown:
    """Mathematics that are displayed have one of their own."""
    match paragraph.children:
        case [Element("span.katex-display", [Element("span.katex") as math])]:
            yield from _math(math, display="block")
        case nodes:
            yield from _inlines(nodes)


def _inside(element: Element) -> Unknown:
    yield from _inlines(element.children)


def _quote(quote: Element) -> Unknown:
    yield from _blocks(quote.children)


def _list(items: Element) -> Unknown:
    if not (items.attributes.get("start") or "1").isdecimal():
        yield str(items)
    for item in items.children:
        match item:
            case "\n":
                pass
            case Element("li", nodes):
                yield from _item(nodes)
            case _:
                yield str(item)


def _item(nodes: Iterable[Node]) -> Unknown:
    """Paragraphs, or bare text; after a picture no bare text."""
    after_picture = False
    for node in nodes:
        if node == "\n":
            continue
        if isinstance(node, Element) and node.tag in BLOCK_TAGS:
            yield from _known(BLOCKS, node)
            after_picture = node.kind == "div.message_inline_image"
        else:
            yield from (f"after a picture: {node}",) if after_picture else _inlines([node])


def _spoiler(block: Element) -> Unknown:
    match block.children:
        case [Element("div.spoiler-header", header), Element("div.spoiler-content", content)]:
            yield from _blocks([*header, *content])
        case _:
            yield str(block)


def _code(block: Element) -> Unknown:
    match block.children:
        case [Element("pre", [Element("span", []), Element("code", parts)])]:
            yield from (str(part) for part in parts if not _is_coloured(part))
        case _:
            yield str(block)


def _is_coloured(part: Node) -> bool:
    """Or plain."""
    if isinstance(part, str):
        return True
    classes = (part.attributes.get("class") or "").split(" ")
    return part.tag == "span" and not TOKENS.isdisjoint(classes)


def _table(table: Element) -> Unknown:
    match table.children:
        case [
            "\n",
            Element("thead", ["\n", Element("tr", head), "\n"]),
            "\n",
            Element("tbody", [_, *_] as rows),
            "\n",
        ]:
            columns = len([cell for cell in head if cell != "\n"])
            yield from _row(head, ["th"] * columns)
            for row in rows:
                yield from _body_row(row, columns)
        case _:
            yield str(table)


def _body_row(row: Node, columns: int) -> Unknown:
    match row:
        case "\n":
            pass
        case Element("tr", [_, *_] as cells):
            yield from _row(cells, ["td"] * columns)
        case _:
            yield str(row)


def _row(nodes: list[Node], kinds: list[str]) -> Unknown:
    cells = [node for node in nodes if node != "\n"]
    if [cell.kind if isinstance(cell, Element) else cell for cell in cells] != kinds:
        yield f"a row of {nodes}"
    for cell in cells:
        if isinstance(cell, Element):
            if cell.attributes.get("style") not in ALIGNMENTS:
                yield str(cell)
            yield from _inlines(cell.children)


def _picture(block: Element) -> Unknown:
    match block.children:
        case [Element("a", [Element("img", [], {"src": str()})], {"href": str()})]:
            pass
        case _:
            yield str(block)


def _film(block: Element) -> Unknown:
    match block.children:
        case [Element("a", [Element("video", [], {"src": str()})])]:
            pass
        case _:
            yield str(block)


def _card(block: Element) -> Unknown:
    match block.children:
        case [
            Element("a.message_embed_image", [], {"href": str() as href, "style": str() as style}),
            Element("div.data-container", said),
        ] if CARD_STYLE.search(style) and _is_of_card(said, href):
            pass
        case _:
            yield str(block)


def _is_of_card(said: list[Node], href: str) -> bool:
    match said:
        case [Element("div.message_embed_title", [Element("a", [str()], {"href": to})]), *more]:
            return to == href and _is_of_card_below(more)
        case _:
            return _is_of_card_below(said)


def _is_of_card_below(said: list[Node]) -> bool:
    match said:
        case [] | [Element("div.message_embed_description", [str()])]:
            return True
        case _:
            return False


# -- inline


def _inlines(nodes: Iterable[Node]) -> Unknown:
    for node in nodes:
        if isinstance(node, Element):
            yield from _known(INLINES, node)


def _link(link: Element) -> Unknown:
    if link.attributes.get("href") is None:
        yield str(link)
    yield from _inlines(link.children)


def _mention(mention: Element) -> Unknown:
    whose = mention.attributes.get("data-user-id", "*")
    if not whose or not (whose == "*" or whose.isdecimal()):
        yield str(mention)
    yield from _inlines(mention.children)


def _emoji(emoji: Element) -> Unknown:
    if any(int(code, 16) > 0x10FFFF for code in emoji.kind.rpartition(" emoji-")[2].split("-")):
        yield str(emoji)


def _own_emoji(emoji: Element) -> Unknown:
    if not {"alt", "src"} <= emoji.attributes.keys():
        yield str(emoji)


def _time(time: Element) -> Unknown:
    if not UTC_TIME.fullmatch(time.attributes.get("datetime") or ""):
        yield str(time)
    yield from _inlines(time.children)


def _math(math: Element, display: str | None = None) -> Unknown:
    match math.children:
        case [
            Element(
                "span.katex-mathml",
                [
                    Element(
                        "math",
                        [
                            Element(
                                "semantics",
                                [*_, Element("annotation", [str()], {"encoding": "application/x-tex"})],
                            )
                        ],
                        attributes,
                    )
                ],
            ),
            Element("span.katex-html"),
        ] if attributes.get("display") == display:
            pass
        case _:
            yield str(math)


# -- what is known

Check = Callable[[Element], Unknown]


def _known(checks: dict[str, Check], element: Element) -> Unknown:
    check = next((each for kinds, each in checks.items() if re.fullmatch(kinds, element.kind)), None)
    yield from check(element) if check else (str(element),)


BLOCK_TAGS = frozenset(["p", "ol", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "div"])
BLOCKS: dict[str, Check] = {
    "br|hr": lambda _: iter(()),
    "p": _paragraph,
    "h[1-6]": _inside,
    "ol|ul": _list,
    "blockquote": _quote,
    "table": _table,
    r"div\.spoiler-block": _spoiler,
    r"div\.codehilite": _code,
    r"div\.message_inline_image": _picture,
    r"div\.(youtube-video|embed-video) message_inline_image": _picture,
    r"div\.message_inline_image message_inline_video": _film,
    r"div\.message_embed": _card,
}
INLINES: dict[str, Check] = {
    "br|strong|del|em|code": _inside,
    r"a(\.(stream|stream-topic|message-link))?": _link,
    r"span\.(user-mention( channel-wildcard-mention)?|user-group-mention|topic-mention)( silent)?": _mention,
    r"span\.emoji emoji(-[0-9a-f]+)+": _emoji,
    r"img\.emoji": _own_emoji,
    "time": _time,
    r"span\.katex": _math,
}
ALIGNMENTS = (None, "text-align: left;", "text-align: center;", "text-align: right;")
CARD_STYLE = re.compile(r'background-image: url\(("?)(.+?)\1\)')
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# Pygments' classes. That of plain text is empty; others beside one of these do not matter.
_TOKENS = """
    w esc err x k kc kd kn kp kr kt n na nb bp nc no nd ni ne nf fm py nl nn nx nt nv vc vg vi vm l ld s sa
    sb sc dl sd s2 se sh si sx sr s1 ss m mb mf mh mi il mo o ow p pm c ch cm cp cpf c1 cs g gd ge gr gh gi
    go gp gs gu ges gt
"""
TOKENS = frozenset(["", *_TOKENS.split()])
