"""What a message says outside of a client: its `rendered_content` as HTML for a mail, and as plain text.

In both, emoji are characters, TeX is its source, a spoiler stays closed, and links lead to the server. The
HTML comes from our own renderer through its sanitizer: tags are known, closed and nested.
"""

import re
from html import escape
from html.parser import HTMLParser

SPOILER = "(Open the chat to see the spoiler.)"

Attributes = list[tuple[str, str | None]]

_VOID = frozenset({"br", "hr"})
_EMOJI = re.compile(r"emoji emoji-([0-9a-f]+(?:-[0-9a-f]+)*)")
# What stands in the place of all that an element of this class holds.
_INSTEAD = {"spoiler-content": SPOILER, "katex-mathml": ""}  # katex-html has the source of TeX once more


def html(rendered: str, public_url: str) -> str:
    return _written(_Html(public_url), rendered)


def text(rendered: str, public_url: str) -> str:
    """Lines without a line break at the end; marks as people type them: "> " for quotes, *bold*."""
    return _written(_Text(public_url), rendered)


def _written(writer: "_Html | _Text", rendered: str) -> str:
    writer.feed(rendered)
    writer.close()
    return writer.result()


class _Content(HTMLParser):
    """Calls `opened`, `closed` and `said` for what is to be seen of a message."""

    def __init__(self, public_url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._public_url = public_url
        self._inside = 0  # elements deep in one whose content was replaced

    def opened(self, tag: str, attributes: Attributes) -> None:
        raise NotImplementedError

    def closed(self, tag: str) -> None:
        raise NotImplementedError

    def said(self, words: str) -> None:
        raise NotImplementedError

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if self._inside:
            self._inside += tag not in _VOID
            return
        self.opened(tag, [(name, self._absolute(name, value or "")) for name, value in attrs])
        instead = _instead(dict(attrs).get("class") or "")
        if instead is not None:
            self.said(instead)
            self._inside = 1

    def handle_endtag(self, tag: str) -> None:
        self._inside = max(0, self._inside - 1)
        if not self._inside:
            self.closed(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.said(data)

    def _absolute(self, name: str, value: str) -> str:
        if name != "href" or not re.match(r"/(?!/)|[#?]", value):
            return value
        return f"{self._public_url}/{value.removeprefix('/')}"


def _instead(classes: str) -> str | None:
    emoji = _EMOJI.fullmatch(classes)
    if emoji:
        return "".join(chr(int(point, 16)) for point in emoji[1].split("-"))
    return _INSTEAD.get(classes)


class _Html(_Content):
    """A mail has no style sheet: only attributes are kept that mean something without one."""

    KEPT = frozenset({"href", "start", "style", "title"})
    LEFT_OUT = frozenset({"annotation", "math", "semantics", "span", "time"})

    def __init__(self, public_url: str) -> None:
        super().__init__(public_url)
        self._parts: list[str] = []

    def opened(self, tag: str, attributes: Attributes) -> None:
        if tag not in self.LEFT_OUT:
            kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attributes if name in self.KEPT)
            self._parts.append(f"<{tag}{kept}>")

    def closed(self, tag: str) -> None:
        if tag not in self.LEFT_OUT:
            self._parts.append(f"</{tag}>")

    def said(self, words: str) -> None:
        self._parts.append(escape(words, quote=False))

    def result(self) -> str:
        return "".join(self._parts)


class _Text(_Content):
    """Writes line by line; what begins each line comes from the quotes and list items around it."""

    QUOTE, BULLET, RULE, CELL = "> ", "• ", "----", " | "
    MARKS = {"code": "`", "del": "~", "em": "_", "strong": "*"}  # noqa: RUF012 (constant)
    HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
    APART = HEADINGS | {"blockquote", "hr", "ol", "p", "pre", "table", "ul"}  # by an empty line
    LINES = APART | {"br", "div", "li", "tr"}

    def __init__(self, public_url: str) -> None:
        super().__init__(public_url)
        self._lines: list[str] = []
        self._line = ""
        self._prefixes: list[str] = []
        self._numbers: list[int | None] = []  # of the next item, for each list around; None: bullets
        self._link: tuple[str, int] | None = None  # where it goes, and where its text begins in the line
        self._preformatted = False

    def opened(self, tag: str, attributes: Attributes) -> None:
        if tag in self.LINES:
            self._end_line()
        match tag:
            case "blockquote":
                self._prefixes.append(self.QUOTE)
            case "ol" | "ul":
                self._numbers.append(int(dict(attributes).get("start") or 1) if tag == "ol" else None)
            case "li":
                self._prefixes.append(self._next_item())
            case "pre":
                self._preformatted = True
            case "a":
                self._link = (dict(attributes).get("href") or "", len(self._line))
            case "td" | "th":
                self._line += self.CELL if self._line else ""
            case "hr":
                self._line = self.RULE
            case _:
                self._mark(tag)
        if tag == "hr":
            self._end_block(tag)

    def closed(self, tag: str) -> None:
        if tag in self.LINES:
            self._end_line()
        match tag:
            case "blockquote" | "li":
                self._prefixes.pop()
            case "ol" | "ul":
                self._numbers.pop()
            case "pre":
                self._preformatted = False
            case "a":
                self._end_link()
            case _:
                self._mark(tag)
        self._end_block(tag)

    def said(self, words: str) -> None:
        if self._preformatted:
            *lines, self._line = (self._line + words).split("\n")
            for line in lines:
                self._add_line(line)
        else:
            words = re.sub(r"[ \t\r\n]+", " ", words)
            self._line += words if self._line else words.lstrip(" ")

    def result(self) -> str:
        self._end_line()
        return "\n".join(self._lines).rstrip("\n")

    def _next_item(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return self.BULLET
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _mark(self, tag: str) -> None:
        if not self._preformatted:
            self._line += self.MARKS.get(tag, "")

    def _end_link(self) -> None:
        target, begin = self._link or ("", 0)
        if self._line[begin:] not in (target, target.removeprefix("mailto:")):
            self._line += f" ({target})"

    def _end_line(self) -> None:
        line, self._line = self._line.rstrip(), ""
        if line:
            self._add_line(line)

    def _add_line(self, line: str) -> None:
        self._lines.append(("".join(self._prefixes) + line).rstrip())
        self._prefixes = [
            prefix if prefix == self.QUOTE else " " * len(prefix) for prefix in self._prefixes
        ]

    def _end_block(self, tag: str) -> None:
        if tag in self.APART and not self._prefixes and self._lines and self._lines[-1]:
            self._lines.append("")
