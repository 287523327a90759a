"""The Markdown parser: the library's rules that we take, and ours among them."""

from collections.abc import Callable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from appliance.model.markdown import blocks, inline, linkifying, links, preview, tables
from appliance.model.markdown.code import code_html
from appliance.model.markdown.context import Context
from appliance.model.markdown.sanitizer import accepts_link, clean

# Not taken: raw HTML, images, references, autolinks, backslash escapes, underlined headings.
_BLOCKS = ["blockquote", "code", "fence", "heading", "hr", "list", "table"]
_INLINE = ["backticks", "emphasis", "entity", "link", "newline", "strikethrough"]


def to_html(content: str, context: Context) -> str:
    html = _unbelted(content, context)
    return clean(html, cards=context.has_cards).rstrip("\n")


def _unbelted(content: str, context: Context) -> str:
    html: str = _parser(bool(context.linkifiers)).render(_well_formed(content), {"context": context})
    return html


def _well_formed(content: str) -> str:
    """Without the lone surrogates that a JSON text can spell: they have no place in UTF-8."""
    if content.isascii():
        return content
    return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Flavour(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        return links.ORDINARY.fullmatch(url) is not None or accepts_link(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url if links.ORDINARY.fullmatch(url) else super().normalizeLink(links.destination(url))


@cache
def _parser(linkifies: bool) -> MarkdownIt:
    """Shared by all threads: once built it is only read, all of a message's state is in its Context."""
    md = Flavour("zero", {"breaks": True}).enable(_BLOCKS + _INLINE)
    md.block.ruler.before("table", "deepest", blocks.deepest)
    md.block.ruler.before(
        "fence", "container", blocks.container, {"alt": ["paragraph", "blockquote", "list"]}
    )
    md.block.ruler.at("hr", blocks.hr, {"alt": ["paragraph", "blockquote", "list"]})
    md.block.ruler.at("table", tables.table, {"alt": ["paragraph"]})
    md.inline.ruler.at("text", linkifying.text if linkifies else inline.text)
    md.inline.ruler.at("emphasis", inline.stars)
    md.inline.ruler.at("strikethrough", inline.tildes)
    md.inline.ruler.after("text", "own_syntax", inline.own_syntax)
    md.inline.ruler.after("own_syntax", "bare_link", links.bare_link)
    if linkifies:
        md.inline.ruler.after("bare_link", "linkified", linkifying.linkified)
    md.inline.ruler.at("link", links.written_link)
    md.core.ruler.at("inline", _inline)
    md.core.ruler.before("inline", "tight_items", _tight_items)
    md.core.ruler.after("inline", "previews", preview.previews)
    for name, rule in RENDERING.items():
        md.add_render_rule(name, rule)
    for ruler in (md.core.ruler, md.block.ruler, md.inline.ruler, md.inline.ruler2):
        ruler.getRules("")  # builds its chains now: it would at first use, without a lock
    return md


def _tight_items(state: StateCore) -> None:
    """Drop the hidden paragraphs of tight lists, after which the renderer would put a line break."""
    state.tokens = [token for token in state.tokens if not token.hidden]


def _inline(state: StateCore) -> None:
    """The library's rule, which also tells the inline rules what is linkified, and whether it is quoted."""
    context: Context = state.env["context"]
    depth = 0
    for token in state.tokens:
        if token.type == "inline":
            context.quoted = depth > 0
            if context.linkifiers:
                context.linked = linkifying.in_time(token.content, context)
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        elif token.tag == "blockquote":
            depth += token.nesting


def _code(_: RendererHTML, tokens: Sequence[Token], index: int, __: OptionsDict, env: EnvType) -> str:
    """A fenced or an indented block."""
    token = tokens[index]
    kind = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
    if kind == "math":
        tex = inline.tex_html(token.content.strip("\n"), ' display="block"')
        return f'<p><span class="katex-display">{tex}</span></p>\n'
    return code_html(token.content.rstrip("\n") + "\n", kind, env["context"])


RENDERING: dict[str, Callable[..., str]] = {
    "text": inline.text_html,
    "link_close": links.link_close_html,
    "s_open": lambda *_: "<del>",
    "s_close": lambda *_: "</del>",
    "fence": _code,
    "code_block": _code,
    **{name: lambda *_, html=html: html for name, html in blocks.SPOILER_HTML.items()},
}
