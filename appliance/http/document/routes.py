"""The routes in docs/api.md: a table for each group of them, between two marks."""

from collections.abc import Iterable
from itertools import groupby

from appliance.http.declared import Parameter
from appliance.http.document.words import group, route, summary
from appliance.http.endpoint import Endpoint

COMMAND = "python -m appliance.http.document docs"
BEGIN, END = f"<!-- made by: {COMMAND} -->", "<!-- end of what is made -->"
COLUMNS = ("route", "what", "parameters", "who", "events", "differs from Zulip's")


def replaced(text: str, endpoints: Iterable[Endpoint]) -> str:
    """`text`, with the tables of now between the marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n\n{tables(endpoints)}\n{end}{after}"


def tables(endpoints: Iterable[Endpoint]) -> str:
    grouped = groupby(sorted(endpoints, key=group), group)
    return "\n".join(_table(name, members) for name, members in grouped)


def _table(name: str, endpoints: Iterable[Endpoint]) -> str:
    head = [f"### {name}", "", _row(*COLUMNS), _row(*["---"] * len(COLUMNS))]
    return "\n".join([*head, *(_row(*_cells(each)) for each in endpoints), ""])


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cells(endpoint: Endpoint) -> tuple[str, ...]:
    about = endpoint.about
    return (
        f"`{route(endpoint)}`",
        summary(endpoint),
        _parameters(endpoint),
        about.who or _default_audience(endpoint),
        " ".join(f"`{kind}`" for kind in about.tells.split()),
        about.differs,
    )


def _parameters(endpoint: Endpoint) -> str:
    shown = [_shown(each) for each in endpoint.declared]
    return " ".join([*shown, *(f"[`{name}`]" for name in sorted(endpoint.reads))])


def _shown(parameter: Parameter) -> str:
    names = " or ".join(f"`{name}`" for name in parameter.names)
    return names if parameter.required else f"[{names}]"


def _default_audience(endpoint: Endpoint) -> str:
    if endpoint.signed_in:
        return ""
    return "anybody, without a key" if endpoint.public else "the server's own programs"
