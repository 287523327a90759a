"""What a message says outside of a client: its `rendered_content` as HTML for a mail, and as plain text.

In both, emoji are characters, TeX is its source, a spoiler stays closed, and links lead to the server. The
HTML comes from our own renderer through its sanitizer: tags are known, closed and nested.
"""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

from appliance.notify.language import Language, msgid
from appliance.notify.layout import AROUND, STYLES

SPOILER = msgid("(Open the chat to see the spoiler.)")

Attributes = dict[str, str]

_VOID = frozenset({"br", "hr"})
_EMOJI = re.compile(r"emoji emoji-([0-9a-f]+(?:-[0-9a-f]+)*)")


def html(rendered: str, public_url: str, language: Language) -> str:
    return _written(_Html(public_url, language), rendered)


def text(rendered: str, public_url: str, language: Language) -> str:
    """Lines, without a break after the last; marked as people type it: "> " for a quote, *bold*."""
    return _written(_Text(public_url, language), rendered)


def _written(writer: "_Html | _Text", rendered: str) -> str:
    writer.feed(rendered)
    writer.close()
    return writer.result()


class _Content(HTMLParser):
    """Calls `opened`, `said` and `closed` for what is to be seen of a message."""

    def __init__(self, public_url: str, language: Language) -> None:
        super().__init__(convert_charrefs=True)
        self._public_url, self._language = public_url, language
        self._depth = 0  # of the element at hand inside one whose content was replaced

    def opened(self, tag: str, attributes: Attributes) -> None:
        raise NotImplementedError

    def said(self, words: str) -> None:
        raise NotImplementedError

    def closed(self, tag: str) -> None:
        raise NotImplementedError

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth:
            self._depth += tag not in _VOID
            return
        attributes = {name: value or "" for name, value in attrs}
        if "href" in attributes:
            attributes["href"] = self._absolute(attributes["href"])
        self.opened(tag, attributes)
        instead = self._instead(attributes.get("class", ""))
        if instead is not None:
            self.said(instead)
            self._depth = 1

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self.said(data)

    def handle_endtag(self, tag: str) -> None:
        self._depth = max(0, self._depth - 1)
        if not self._depth:
            self.closed(tag)

    def _absolute(self, target: str) -> str:
        if re.match(r"/(?!/)|[#?]", target):
            return f"{self._public_url}/{target.removeprefix('/')}"
        return target

    def _instead(self, classes: str) -> str | None:
        """What stands in the place of all that an element of this class holds; None: nothing does."""
        emoji = _EMOJI.fullmatch(classes)
        if emoji:
            return "".join(chr(int(point, 16)) for point in emoji[1].split("-"))
        if classes == "spoiler-content":
            return self._language.say(SPOILER)
        return "" if classes == "katex-mathml" else None  # katex-html has the source of TeX once more


class _Html(_Content):
    """A mail has no style sheet: what means nothing without one is left out, the rest has its style there."""

    def __init__(self, public_url: str, language: Language) -> None:
        super().__init__(public_url, language)
        self._parts: list[str] = []

    def opened(self, tag: str, attributes: Attributes) -> None:
        if tag not in _BARE:
            self._parts.append(AROUND.get(tag, _NOTHING)[0])
            kept = {name: value for name, value in attributes.items() if name in _KEPT}
            styles = [each for each in (STYLES.get(tag), attributes.get("style")) if each]
            if styles:
                kept["style"] = "; ".join(styles)
            written = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
            self._parts.append(f"<{tag}{written}>")

    def said(self, words: str) -> None:
        self._parts.append(escape(words, quote=False))

    def closed(self, tag: str) -> None:
        if tag not in _BARE:
            self._parts.append(f"</{tag}>{AROUND.get(tag, _NOTHING)[1]}")

    def result(self) -> str:
        return "".join(self._parts)


_NOTHING = "", ""
_KEPT = frozenset({"href", "start", "title"})
_BARE = frozenset({"annotation", "math", "semantics", "span", "time"})


class _Text(_Content):
    """Writes line by line; each begins with the marks of the quotes and list items that it is in."""

    def __init__(self, public_url: str, language: Language) -> None:
        super().__init__(public_url, language)
        self._lines: list[str] = []
        self._line = ""
        self._prefixes: list[str] = []
        self._bullets: list[int | None] = []  # for each list around: the next number, or None
        self._link: tuple[str, int] | None = None  # where it leads, and where its text begins in the line
        self._preformatted = False

    def opened(self, tag: str, attributes: Attributes) -> None:
        if tag in _LINES:
            self._end_line()
        self._mark(tag)
        if tag in _OPENING:
            _OPENING[tag](self, attributes)

    def said(self, words: str) -> None:
        if self._preformatted:
            *lines, self._line = (self._line + words).split("\n")
            for line in lines:
                self._add_line(line)
        else:
            words = re.sub(r"[ \t\r\n]+", " ", words)
            self._line += words.lstrip(" ") if self._line[-1:] in ("", " ") else words

    def closed(self, tag: str) -> None:
        if tag in _LINES:
            self._end_line()
        self._mark(tag)
        if tag in _CLOSING:
            _CLOSING[tag](self)
        if tag in _APART and not self._prefixes and self._lines and self._lines[-1]:
            self._lines.append("")

    def result(self) -> str:
        self._end_line()
        return "\n".join(self._lines).rstrip("\n")

    def _mark(self, tag: str) -> None:
        if not self._preformatted:
            self._line += _MARKS.get(tag, "")

    def _end_line(self) -> None:
        line, self._line = self._line.rstrip(), ""
        if line:
            self._add_line(line)

    def _add_line(self, line: str) -> None:
        self._lines.append(("".join(self._prefixes) + line).rstrip())
        self._prefixes = [each if each == _QUOTE else " " * len(each) for each in self._prefixes]

    # -- what single tags do

    def open_quote(self, _: Attributes) -> None:
        self._prefixes.append(_QUOTE)

    def open_numbered_list(self, attributes: Attributes) -> None:
        self._bullets.append(int(attributes.get("start", 1)))

    def open_list(self, _: Attributes) -> None:
        self._bullets.append(None)

    def open_item(self, _: Attributes) -> None:
        number = self._bullets[-1]
        self._prefixes.append("• " if number is None else f"{number}. ")
        self._bullets[-1] = None if number is None else number + 1

    def open_code(self, _: Attributes) -> None:
        self._preformatted = True

    def open_link(self, attributes: Attributes) -> None:
        self._link = attributes.get("href", ""), len(self._line)

    def draw_rule(self, _: Attributes) -> None:
        self._add_line("----")

    def close_prefix(self) -> None:
        self._prefixes.pop()

    def close_list(self) -> None:
        self._bullets.pop()

    def close_code(self) -> None:
        self._preformatted = False

    def close_cell(self) -> None:
        self._line = self._line.rstrip() + _CELL

    def close_row(self) -> None:
        self._line = self._line.removesuffix(_CELL)
        self._end_line()

    def close_link(self) -> None:
        target, begin = self._link or ("", 0)
        if self._line[begin:] not in (target, target.removeprefix("mailto:")):
            self._line += f" ({target})"


_QUOTE, _CELL = "> ", " | "
_MARKS = {"code": "`", "del": "~", "em": "_", "strong": "*"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_APART = _HEADINGS | {"blockquote", "div", "ol", "p", "pre", "table", "ul"}  # an empty line follows
_LINES = _APART | {"br", "hr", "li"}
_OPENING: dict[str, Callable[[_Text, Attributes], None]] = {
    "a": _Text.open_link,
    "blockquote": _Text.open_quote,
    "hr": _Text.draw_rule,
    "li": _Text.open_item,
    "ol": _Text.open_numbered_list,
    "pre": _Text.open_code,
    "ul": _Text.open_list,
}
_CLOSING: dict[str, Callable[[_Text], None]] = {
    "a": _Text.close_link,
    "blockquote": _Text.close_prefix,
    "li": _Text.close_prefix,
    "ol": _Text.close_list,
    "pre": _Text.close_code,
    "td": _Text.close_cell,
    "th": _Text.close_cell,
    "tr": _Text.close_row,
    "ul": _Text.close_list,
}
