"""Compares two exports: what is to be the same after one was imported and exported again."""

from collections.abc import Iterator
from typing import Any

from tests.actions.exported import Exported, Row

PERSONAL = 1
# Columns that name a recipient. Those of people are numbered anew with each export.
RECIPIENTS = ("recipient", "recipient_id")
# What nobody has chosen, and what is kept nowhere.
LOST = {
    "zerver_userstatus": ("timestamp",),
    "zerver_scheduledmessage": ("id",),
    "zerver_preregistrationuser": ("id",),
    "zerver_multiuseinvite": ("id",),
}


def differences(before: Exported, after: Exported) -> list[str]:
    """In sentences, as far as there are any."""
    return [*_of_tables(before, after), *_of_files(before, after)]


def _of_tables(before: Exported, after: Exported) -> Iterator[str]:
    for table in sorted(before.tables.keys() | after.tables.keys()):
        old, new = _rows(before, table), _rows(after, table)
        yield from (f"{table}: {row} is gone" for row in old if row not in new)
        yield from (f"{table}: {row} has come" for row in new if row not in old)


def _rows(made: Exported, table: str) -> list[Row]:
    people = {row["id"]: row["type_id"] for row in made.tables["zerver_recipient"] if row["type"] == PERSONAL}
    return [_comparable(table, row, people) for row in made.tables.get(table, [])]


def _comparable(table: str, row: Row, people: dict[int, int]) -> Row:
    """Rows without ids of their own are numbered by their place."""
    found: Row = {name: value for name, value in row.items() if name not in LOST.get(table, ())}
    names = (*RECIPIENTS, "id") if table == "zerver_recipient" else RECIPIENTS
    for name in names:
        if row.get(name) in people:
            found[name] = ("person", people[row[name]])
    return found


def _of_files(before: Exported, after: Exported) -> Iterator[str]:
    for name in sorted(before.files.keys() | after.files.keys()):
        if not name.endswith(".json") and before.files.get(name) != after.files.get(name):
            yield f"{name}: another content"


def summary(made: Exported) -> dict[str, Any]:
    """How many rows each table has."""
    return {table: len(rows) for table, rows in made.tables.items() if rows}
