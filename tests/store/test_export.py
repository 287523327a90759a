"""Reading all that there is never sorts it, and never reads a table again for each page."""

from collections.abc import Iterator
from typing import Any

import apsw
import pytest

from appliance.store import export as everything
from appliance.store.connection import Handle
from appliance.store.export import Selection
from appliance.store.store import Store

SOME = Selection(frozenset({1, 2}), frozenset({3}), frozenset({4, 5}))


class Explained(Handle):
    """Answers nothing, and keeps what the statements would have done."""

    def __init__(self, connection: apsw.Connection) -> None:
        super().__init__(connection)
        self.plan: list[str] = []

    def rows(self, sql: str, *bindings: Any) -> list[Any]:
        self.plan += [row[3] for row in self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", bindings)]
        return []


@pytest.fixture
def explained(store: Store) -> Iterator[Explained]:
    connection = apsw.Connection(str(store.path))
    yield Explained(connection)
    connection.close()


@pytest.mark.parametrize("selection", [None, SOME])
def test_messages_by_their_ids(explained: Explained, selection: Selection | None) -> None:
    assert list(everything.messages(explained, selection)) == []
    assert "SEARCH message USING INTEGER PRIMARY KEY (rowid>?)" in explained.plan
    assert not any("TEMP B-TREE" in step for step in explained.plan)


def test_rows_of_messages_by_their_key(explained: Explained) -> None:
    assert list(everything.user_messages(explained, 1, 1000)) == []
    [step] = explained.plan
    assert step.startswith("SEARCH user_message USING PRIMARY KEY (")
    assert "message_id" in step


@pytest.mark.parametrize("selection", [None, SOME])
def test_reactions_by_their_ids(explained: Explained, selection: Selection | None) -> None:
    assert list(everything.reactions(explained, selection)) == []
    assert "SEARCH reaction USING INTEGER PRIMARY KEY (rowid>?)" in explained.plan
    assert not any("TEMP B-TREE" in step for step in explained.plan)


def test_conversations_by_their_ids(explained: Explained) -> None:
    assert list(everything.conversations(explained)) == []
    assert explained.plan == ["SEARCH recipient USING INTEGER PRIMARY KEY (rowid>?)"]
