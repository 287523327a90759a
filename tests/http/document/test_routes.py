"""The routes in docs/api.md."""

from typing import Any

import pytest

from appliance.http.document.routes import tables
from appliance.http.document.words import group, route, summary
from appliance.http.endpoint import ENDPOINTS, Endpoint
from appliance.model.events import KINDS

every_route = pytest.mark.parametrize("endpoint", [pytest.param(each, id=route(each)) for each in ENDPOINTS])


@every_route
def test_something_is_said_of_it(endpoint: Endpoint) -> None:
    said = summary(endpoint)
    assert said.endswith((".", "?")), "the first paragraph of its docstring stands in docs/api.md"
    assert group(endpoint)


@every_route
def test_it_tells_events_that_there_are(endpoint: Endpoint) -> None:
    """Kinds of events, or types, for all their kinds."""
    served = {name for name, kind in KINDS.items() if kind.served}
    assert set(endpoint.about.tells.split()) <= served | {name.partition("/")[0] for name in served}


@every_route
def test_what_stands_in_columns_is_no_sentence(endpoint: Endpoint) -> None:
    assert not endpoint.about.who.endswith(".")
    assert not endpoint.about.differs.endswith(".")


def row(begin: str) -> list[str]:
    """The cells of the row whose first cell is that."""
    [found] = [line for line in tables(ENDPOINTS).splitlines() if line.startswith(f"| `{begin}` |")]
    return [cell.strip() for cell in found.strip("|").split(" | ")]


@pytest.mark.parametrize(
    ("begin", "column", "said"),
    [
        ("PATCH /messages/{message_id}", 2, "[`topic` or `subject`]"),
        ("POST /messages", 2, "`content`"),
        ("POST /messages", 4, "`message`"),
        ("PATCH /settings", 2, "[`twenty_four_hour_time`]"),
        ("POST /fetch_api_key", 3, "anybody, without a key"),
        ("GET /api/internal/queues", 3, "the server's own programs"),
        ("DELETE /appliance/ntfy", 5, "not of Zulip"),
    ],
)
def test_what_a_row_says(begin: str, column: int, said: str) -> None:
    assert said in row(begin)[column]


def test_every_route_has_one_row() -> None:
    found = [line for line in tables(ENDPOINTS).splitlines() if line.startswith("| `")]
    routes: list[Any] = [route(each) for each in ENDPOINTS]
    assert len(found) == len(routes) == len(set(routes))
