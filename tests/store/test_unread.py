"""The view of unread messages is exact at any moment, however far its index lags."""

import random
from collections.abc import Callable

import pytest

from appliance.model.flag import Flag
from appliance.store import message as messages
from appliance.store import unread
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

PEOPLE = (1, 2, 3, 4)
Step = Callable[[Transaction], None]


class Rolled(Exception):
    """Makes a work leave nothing."""


def send(transaction: Transaction, flags: dict[int, int]) -> int:
    message_id = messages.add(
        transaction,
        sender_id=1,
        recipient_id=1,
        topic="",
        content="",
        rendered_content="",
        time=0,
        client="",
    )
    messages.deliver(transaction, message_id, flags)
    return message_id


def mark(transaction: Transaction, user_id: int, message_ids: list[int], read: bool) -> None:
    messages.set_flag(transaction, user_id, message_ids, Flag.READ, read)


def by_brute_force(handle: Handle, user_id: int) -> list[int]:
    rows = handle.rows(
        "SELECT message_id FROM user_message WHERE user_id = ? AND flags & 1 = 0 ORDER BY message_id", user_id
    )
    return [message_id for (message_id,) in rows]


def check(store: Store) -> None:
    with store.read() as reader:
        for user_id in PEOPLE:
            expected = by_brute_force(reader, user_id)
            assert unread.of_user(reader, user_id, 10_000) == expected
            assert unread.of_user(reader, user_id, 3) == expected[-3:]


class Life:
    """Random deeds; message ids reach over many lags."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._newest = 0

    def step(self, transaction: Transaction) -> None:
        if self._chance.random() < 0.6:
            people = self._chance.sample(PEOPLE, self._chance.randint(0, 4))
            self._newest = send(transaction, {each: self._chance.choice((0, 0, 1, 8)) for each in people})
        elif self._newest:
            count = self._chance.randint(0, 5)
            message_ids = [self._chance.randint(1, self._newest) for _ in range(count)]
            mark(transaction, self._chance.choice(PEOPLE), message_ids, self._chance.random() < 0.6)

    def steps(self, transaction: Transaction) -> None:
        for _ in range(self._chance.randint(1, 10)):
            self.step(transaction)


@pytest.mark.parametrize("seed", range(6))
def test_it_equals_a_computation_by_brute_force(
    store: Store, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(unread, "LAG", 8)
    life = Life(seed)
    for _ in range(60):
        store.write(life.steps, flush=False)
        check(store)


def test_what_was_rolled_back_at_the_end_of_a_lag_is_not_missed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "LAG", 4)

    def send_and_fail(transaction: Transaction) -> None:
        for _ in range(3):
            send(transaction, {2: 0})
        raise Rolled

    for _ in range(6):
        store.write(lambda transaction: send(transaction, {2: 0}))
        with pytest.raises(Rolled):
            store.write(send_and_fail)
        check(store)


@pytest.mark.parametrize("number", [unread.LAG - 1, unread.LAG, unread.LAG + 1])
def test_reading_and_unreading_on_both_sides_of_a_lag(store: Store, number: int) -> None:
    def write(transaction: Transaction) -> None:
        for _ in range(number + 1):
            send(transaction, {1: 0, 2: 0})
        mark(transaction, 1, list(range(1, number + 2)), True)
        mark(transaction, 1, [1, number - 1, number, number + 1], False)
        mark(transaction, 1, [1], True)

    store.write(write)
    check(store)
    with store.read() as reader:
        assert unread.of_user(reader, 1, 10) == [number - 1, number, number + 1]


def test_marking_what_one_never_got_does_nothing(store: Store) -> None:
    def write(transaction: Transaction) -> None:
        message_id = send(transaction, {1: 0})
        mark(transaction, 2, [message_id, 999], False)

    store.write(write)
    check(store)
