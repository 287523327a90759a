"""Fenced quotes and spoilers, which hold blocks of their own; and an end to nesting."""

import re
from typing import NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import hr as library_hr

DEEPEST = 16  # levels of nested blocks; a list takes two

_FENCE = re.compile(r"(?P<marks>`{3,}(?=[^`]*\Z)|~{3,})[ \t]*(?P<kind>\S*)[ \t]*(?P<title>.*)")
_CONTAINERS = {"quote": ("blockquote", "blockquote"), "spoiler": ("spoiler", "div")}  # tokens' name, tag


class Fence(NamedTuple):
    """A line of three or more backquotes or tildes, and what it says after them."""

    marks: str
    kind: str
    title: str

    @property
    def holds_blocks(self) -> bool:
        return self.kind in _CONTAINERS

    def is_closed_by(self, other: "Fence") -> bool:
        """A container is closed by its own marks only, so that fences of other lengths may stand in it."""
        if other.kind:
            return False
        return other.marks == self.marks if self.holds_blocks else other.marks.startswith(self.marks)


def container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    fence = _fence(state, start)
    if not fence or not fence.holds_blocks:
        return False
    if silent:
        return True
    last = _last_line(state, fence, start, end)
    _open(state, fence)
    _tokenize_inside(state, start + 1, last)
    _close(state, fence)
    closed = last < end and (closing := _fence(state, last)) and fence.is_closed_by(closing)
    state.line = last + 1 if closed else last
    return True


def _fence(state: StateBlock, line: int) -> Fence | None:
    if state.is_code_block(line):
        return None
    begin = state.bMarks[line] + state.tShift[line]
    match = _FENCE.fullmatch(state.src, begin, state.eMarks[line])
    return Fence(match["marks"], match["kind"], match["title"].strip()) if match else None


def _last_line(state: StateBlock, fence: Fence, start: int, end: int) -> int:
    """The line that closes the container, or at which what it stands in ends.

    A fence inside that names a language opens a block of its own, whose text says nothing to us."""
    opened = [fence]
    for line in range(start + 1, end):
        if _leaves(state, line):
            return line
        inner = _fence(state, line)
        if not inner:
            continue
        if opened[-1].is_closed_by(inner):
            opened.pop()
            if not opened:
                return line
        elif opened[-1].holds_blocks:
            opened.append(inner)
    return end


def _leaves(state: StateBlock, line: int) -> bool:
    """Whether a line is no longer part of the list item that we are in."""
    return state.sCount[line] < state.blkIndent and not state.isEmpty(line)


def _open(state: StateBlock, fence: Fence) -> None:
    name, tag = _CONTAINERS[fence.kind]
    state.push(f"{name}_open", tag, 1)
    if fence.kind == "spoiler":
        if fence.title:
            push_paragraph(state, fence.title)
        state.push("spoiler_content", tag, 0)


def _close(state: StateBlock, fence: Fence) -> None:
    name, tag = _CONTAINERS[fence.kind]
    state.push(f"{name}_close", tag, -1)


def _tokenize_inside(state: StateBlock, start: int, end: int) -> None:
    line_max, parent = state.lineMax, state.parentType
    state.lineMax, state.parentType = end, "blockquote"
    state.md.block.tokenize(state, start, end)
    state.lineMax, state.parentType = line_max, parent


def deepest(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Below the deepest level, all that a container holds is one paragraph: no text is lost."""
    if silent or state.level < DEEPEST:
        return False
    last = next((line for line in range(start + 1, end) if _leaves(state, line)), end)
    push_paragraph(state, state.getLines(start, last, state.blkIndent, False).strip())
    state.line = last
    return True


def hr(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line across; right in a list item, where clients know none, the characters that are to draw it."""
    first = len(state.tokens)
    if not library_hr(state, start, end, silent):
        return False
    if not silent and state.parentType == "list":
        del state.tokens[first:]
        text = state.getLines(start, start + 1, state.blkIndent, False).strip()
        state.push("html_block", "", 0).content = f"<p>{text}</p>\n"
    return True


def push_paragraph(state: StateBlock, content: str) -> None:
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content, inline.children = content, []
    state.push("paragraph_close", "p", -1)


SPOILER_HTML = {
    "spoiler_open": '<div class="spoiler-block"><div class="spoiler-header">\n',
    "spoiler_content": '</div><div class="spoiler-content" aria-hidden="true">\n',
    "spoiler_close": "</div></div>\n",
}
