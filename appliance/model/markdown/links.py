"""Links that are just typed: https://a.b/c, example.com, ann@example.com; and where links lead."""

import re
from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import link as library_link
from markdown_it.token import Token

from appliance.model.markdown.preview import TYPED

_COMPLETE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]", re.IGNORECASE)

# Addresses as most are: safe, and already as the libraries would write them.
ORDINARY = re.compile(
    r"https?://(?=[a-z0-9.-]{1,253}(?:/|\Z))(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}"
    r"(?:/[\w.~/?=&+,;:@!$*()#-]*)?",
    re.ASCII,
)

# Top-level domains by which a bare name is taken for a host: the countries' (without md and py, which are
# file names more often, as Zulip does) and the common others.
_TLDS = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz
    ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk
    fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir
    is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc me mg mh mk ml
    mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm
    pn pr ps pt pw qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf
    tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
    app biz blog chat cloud com dev edu email gov info int mil mobi museum name net online org page pro shop
    site social tech wiki xyz
"""
_TLD = "|".join(_TLDS.split())
_REST = r"""(?:[^\s<>()\[\]"`]|\((?:[^\s<>()"`]|\([^\s<>()"`]*\))*\)|\[[^\s<>\[\]"`]*\])*"""
_NO_HOST_AFTER = r"(?![\w@-]|\.\w)"
_TRAILING = ".,:;!?'*~"

# By the character that the inline parser stops at: what stands before it, what follows, what the address
# lacks. All is bounded or consumed at once, so a long text is not searched twice.
_KINDS = {
    ":": (re.compile(r"(?<![\w+.-])(?:https?|ftp)\Z"), re.compile(r"://(?=\w)" + _REST), ""),
    ".": (
        re.compile(r"(?<![\w@./\\:$-])[\w-]{1,63}\Z"),
        re.compile(rf"(?:\.[\w-]{{1,63}})*\.(?:{_TLD}){_NO_HOST_AFTER}(?::[0-9]{{1,5}})?(?:[/?#]{_REST})?"),
        "http://",
    ),
    "@": (
        re.compile(r"(?<![\w@/:.+-])[\w.+-]{1,64}\Z"),
        re.compile(rf"@(?:[\w-]{{1,63}}\.)+(?:{_TLD})(?![\w@/-]|\.\w)"),
        "mailto:",
    ),
}
_LONGEST_BEFORE = 64


def written_link(state: StateInline, silent: bool) -> bool:
    """The library's rule for [text](address)."""
    if state.src[state.pos] != "[" or not library_link(state, silent):
        return False
    state.env["context"].has_link |= not silent
    return True


def bare_link(state: StateInline, silent: bool) -> bool:
    kind = _KINDS.get(state.src[state.pos])
    if not kind or silent or state.linkLevel:
        return False
    before, after, prefix = kind
    head = before.search(state.src, max(0, state.pos - _LONGEST_BEFORE), state.pos)
    tail = head and after.match(state.src, state.pos, state.posMax)
    if not head or not tail or not state.pending.endswith(head[0]):
        return False
    end = tail[0].rstrip(_TRAILING)
    href = state.md.normalizeLink(prefix + head[0] + end)
    if not state.md.validateLink(href):
        return False
    state.pending = state.pending.removesuffix(head[0])
    state.env["context"].has_link = True
    opening = state.push("link_open", "a", 1)
    opening.attrs, opening.markup = {"href": href}, TYPED
    state.push("text", "", 0).content = head[0] + end
    state.push("link_close", "a", -1)
    state.pos += len(end)
    return True


def link_close_html(_: RendererHTML, tokens: Sequence[Token], index: int, *__: object) -> str:
    """A link without a text shows where it goes."""
    opening = tokens[index - 1]
    return escape(str(opening.attrs["href"])) + "</a>" if opening.type == "link_open" else "</a>"


def destination(written: str) -> str:
    """The address that is meant: [x](example.com) is on the web, [x](/y) and [x](#y) are on this server."""
    return written if _COMPLETE.match(written) else "http://" + written
