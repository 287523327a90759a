"""What the organization's linkifiers find in a paragraph becomes links."""

import time

from markdown_it.rules_inline import StateInline

from appliance.model.markdown import inline
from appliance.model.markdown.context import Context, Linked
from appliance.model.topic_link import first_come


def in_time(text: str, context: Context) -> Linked | None:
    """None once the CPU time of the message is used up."""
    if context.linkifying_left <= 0:
        return None
    began = time.thread_time()
    found = first_come(context.linkifiers, text, context.linkifying_left)
    context.linkifying_left -= time.thread_time() - began
    return Linked(found) if found else None


def text(state: StateInline, silent: bool) -> bool:
    """The rule for plain text, which also stops where a link begins."""
    linked, last = state.env["context"].linked, state.posMax
    if linked is None:
        return inline.text(state, silent)
    state.posMax = min(last, linked.start_from(state.pos))
    try:
        return inline.text(state, silent)
    finally:
        state.posMax = last


def linkified(state: StateInline, silent: bool) -> bool:
    context: Context = state.env["context"]
    match = context.linked.at(state.pos) if context.linked and not silent and not state.linkLevel else None
    if not match or match.end > state.posMax:
        return False
    href = state.md.normalizeLink(match.url)
    if not state.md.validateLink(href):
        return False
    context.has_link = True
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = state.src[match.start : match.end]
    state.push("link_close", "a", -1)
    state.pos = match.end
    return True
