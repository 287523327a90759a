"""Keys are kept for a day, and no more than so many."""

import pytest

from appliance.model.idempotency import KEPT, MOST
from appliance.store import idempotency
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import MovableClock

ANN, BOB = 5, 7


def add(store: Store, user_id: int, *numbers: int) -> None:
    def write(transaction: Transaction) -> None:
        for number in numbers:
            idempotency.add(transaction, user_id, f"key {number}", number)

    store.write(write)


def found(store: Store, user_id: int, number: int) -> int | None:
    with store.read() as reader:
        return idempotency.find(reader, user_id, f"key {number}")


def test_a_key_is_of_a_person(store: Store) -> None:
    add(store, ANN, 1)
    assert (found(store, ANN, 1), found(store, ANN, 2), found(store, BOB, 1)) == (1, None, None)


@pytest.mark.parametrize(("age", "left"), [(KEPT, 1), (KEPT + 1, None)])
def test_for_a_day(store: Store, clock: MovableClock, age: int, left: int | None) -> None:
    add(store, ANN, 1)
    clock.advance(age)
    add(store, BOB, 2)
    assert found(store, ANN, 1) == left


def test_the_oldest_of_a_person_make_room(store: Store) -> None:
    add(store, BOB, 1)
    add(store, ANN, *range(2, MOST + 4))
    assert [found(store, ANN, number) for number in (2, 3, 4, MOST + 3)] == [None, None, 4, MOST + 3]
    assert found(store, BOB, 1) == 1
