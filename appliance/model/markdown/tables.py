"""Tables, as many cells as a message may have, in the one shape that clients accept."""

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as library_table

from appliance.model.markdown.context import Context

_STYLES = {f"text-align:{side}": f"text-align: {side};" for side in ("left", "center", "right")}


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The library's rule, held to the cells left: short rows are filled up, so few characters make many
    cells. Rows too many follow as text."""
    context: Context = state.env["context"]
    columns = state.src.count("|", state.bMarks[start], state.eMarks[start]) + 1
    first = len(state.tokens)
    rows = context.cells_left // columns
    if rows < 1 or not library_table(state, start, min(end, start + 1 + rows), silent):
        return False
    if not silent:
        context.cells_left -= columns * (state.line - start - 1)
        _reshape(state, first)
    return True


def _reshape(state: StateBlock, first: int) -> None:
    for token in state.tokens[first:]:
        if style := token.attrs.get("style"):
            token.attrs["style"] = _STYLES[str(style)]
    if state.tokens[-2].type == "thead_close":
        closing = state.tokens.pop()
        state.push("html_block", "", 0).content = "<tbody>\n</tbody>\n"
        state.tokens.append(closing)
