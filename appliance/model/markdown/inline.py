"""Inline syntax of Zulip's own: mentions, channels, emoji, TeX, times; and where plain text stops."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, emphasis, strikethrough
from markdown_it.token import Token

from appliance.model import emoji
from appliance.model.markdown import naming
from appliance.model.markdown.context import Context

# The characters at which some rule may begin; all else is text. A dot only counts inside a word, where it
# may be a domain's.
_STOP = re.compile(r"[\n*~`\[\]&<@#$:]|(?<=\w)\.(?=\w)")

MOST_MARKS = 400  # stars and tildes of one paragraph that may open or close something, so that it nests less

_EMOJI = re.compile(r":([\w+-]{1,50}):")
_TEX = re.compile(r"\B(?<!\$)\$\$(?![_$\n])((?:\\\$|[^$\n])+)\$\$(?!\$)\B")
_TIME = re.compile(r"<time:([^<>\n]{1,100})>")
_UNIX_TIME = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")


def text(state: StateInline, silent: bool) -> bool:
    """Takes over from the library's rule, which stops at many characters that mean nothing here."""
    stop = _STOP.search(state.src, state.pos, state.posMax)
    end = stop.start() if stop else state.posMax
    if end == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def stars(state: StateInline, silent: bool) -> bool:
    """Emphasis by stars only: underscores belong to names like `some_file_name`."""
    return state.src[state.pos] == "*" and _may_mark(state) and emphasis.tokenize(state, silent)


def tildes(state: StateInline, silent: bool) -> bool:
    return _may_mark(state) and strikethrough.tokenize(state, silent)


def _may_mark(state: StateInline) -> bool:
    return len(state.delimiters) < MOST_MARKS


def own_syntax(state: StateInline, silent: bool) -> bool:
    """Try the patterns of the character at hand. `silent` only seeks the end of a link's label, for
    which none of them matters."""
    rule = _SYNTAX.get(state.src[state.pos])
    if not rule or silent:
        return False
    pattern, to_html = rule
    match = pattern.match(state.src, state.pos, state.posMax)
    html = match and to_html(match, state)
    if not match or not html:
        return False
    state.push("html_inline", "", 0).content = html
    state.pos = match.end()
    return True


def named_emoji(match: re.Match[str], state: StateInline) -> str | None:
    """The organization's own may have the name of one that everybody has."""
    context: Context = state.env["context"]
    if (own := context.directory.emoji_named(match[1])) is not None:
        return _emoji_image(own.name, own.source_url)
    code = emoji.code_of(match[1])
    return code and _emoji_span(match[1], code)


def _emoji_image(name: str, url: str) -> str:
    title = escape(name.replace("_", " "))
    return f'<img alt=":{escape(name)}:" class="emoji" src="{escape(url)}" title="{title}">'


def tex(match: re.Match[str], _: StateInline) -> str:
    return tex_html(match[1])


def tex_html(source: str, display: str = "") -> str:
    """The frame that KaTeX makes, with the source in the two places where clients look for it."""
    source = escape(source)
    return (
        '<span class="katex"><span class="katex-mathml">'
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"{display}><semantics>'
        f'<annotation encoding="application/x-tex">{source}</annotation></semantics></math></span>'
        f'<span class="katex-html" aria-hidden="true">{source}</span></span>'
    )


def time(match: re.Match[str], _: StateInline) -> str | None:
    try:
        moment = _moment(match[1].strip())
    except (ValueError, OverflowError):
        return None
    return f'<time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">{escape(match[1])}</time>'


def _moment(written: str) -> datetime:
    """ISO 8601 (UTC unless it says otherwise) or seconds since the epoch, as UTC of four-digit years."""
    if _UNIX_TIME.fullmatch(written):
        return datetime.fromtimestamp(float(written), UTC)
    moment = datetime.fromisoformat(written)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    if moment.year < 1000:
        raise ValueError("strftime pads no years")
    return moment


def text_html(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    """Render a text token; the only place where emoji are looked for that are typed as characters."""
    html = escape(tokens[index].content, quote=False)
    return html if html.isascii() else emoji.SEQUENCE.sub(_typed_emoji, html)


def _typed_emoji(match: re.Match[str]) -> str:
    code = emoji.code_of_characters(match[0])
    name = emoji.name_of(code)
    return _emoji_span(name, code) if name else match[0]


def _emoji_span(name: str, code: str) -> str:
    title = name.replace("_", " ")
    return f'<span aria-label="{title}" class="emoji emoji-{code}" role="img" title="{title}">:{name}:</span>'


_SYNTAX: dict[str, tuple[re.Pattern[str], Callable[[re.Match[str], StateInline], Any]]] = {
    "@": (naming.MENTION, naming.mention),
    "#": (naming.CHANNEL, naming.channel),
    ":": (_EMOJI, named_emoji),
    "$": (_TEX, tex),
    "<": (_TIME, time),
}
