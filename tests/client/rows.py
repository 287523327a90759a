"""Rows in lists, found by the field that tells them apart; changes that several kinds of events share."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from tests.client.state import Change, ClientState, Event, Row


def find(rows: Iterable[Row], value: Any, key: str) -> Row | None:
    return next((row for row in rows if row[key] == value), None)


def known(rows: Iterable[Row], value: Any, key: str) -> Row:
    """One that must be there: nobody is told of a change of what they don't know."""
    found = find(rows, value, key)
    assert found is not None, f"no {key} {value}"
    return found


def drop(rows: list[Row], value: Any, key: str) -> Row | None:
    found = find(rows, value, key)
    if found is not None:
        rows.remove(found)
    return found


def put(rows: list[Row], row: Row, key: str) -> None:
    drop(rows, row[key], key)
    rows.append(deepcopy(row))


def nothing(client: ClientState, event: Event) -> None:
    """What it changes is computed when somebody looks."""


def replace(key: str, told_as: str | None = None) -> Change:
    def change(client: ClientState, event: Event) -> None:
        client.told[key] = event[told_as or key]

    return change


def put_all(key: str, told_as: str, row_key: str = "id") -> Change:
    """`told_as` holds a row, or a list of them."""

    def change(client: ClientState, event: Event) -> None:
        given = event[told_as]
        for row in given if isinstance(given, list) else [given]:
            put(client.told[key], row, row_key)

    return change


def drop_one(key: str, told_as: str, row_key: str = "id") -> Change:
    def change(client: ClientState, event: Event) -> None:
        drop(client.told[key], event[told_as], row_key)

    return change


def set_in(key: str) -> Change:
    """A property of the object `key`."""

    def change(client: ClientState, event: Event) -> None:
        assert event["property"] in client.told[key]
        client.told[key][event["property"]] = event["value"]

    return change
