"""The search finds all that there is at any moment, however far its index lags, whoever changes messages."""

import math
import random
from pathlib import Path

import apsw
import pytest

from appliance.actions.search import index as search_index
from appliance.model.message import Holds
from appliance.model.search import Search, parse
from appliance.store import archive, edit, search
from appliance.store import message as messages
from appliance.store.connection import Handle
from appliance.store.migrations import STEPS, m0009_search
from appliance.store.store import Store
from appliance.store.transaction import Transaction

WORDS = ("pie", "pies", "cake", "東京都", "Ärger")
ASKED = ("pie", "cake", "京", "京都", "arger", "pie cake", '"pie cake"', "lunch")
OLD = STEPS[: STEPS.index(m0009_search.migrate)]


def searched(asked: str) -> Search:
    found = parse(asked)
    assert found is not None
    return found


def add(transaction: Transaction, content: str, topic: str = "lunch") -> int:
    return messages.add(
        transaction,
        sender_id=1,
        recipient_id=1,
        topic=topic,
        content=content,
        rendered_content=f"<p>{content}</p>",
        time=0,
        client="",
    )


def found(handle: Handle, asked: str) -> list[int]:
    sql, bindings = search.found(handle, searched(asked))
    return [each for (each,) in handle.rows(f"SELECT id FROM message WHERE {sql} ORDER BY id", *bindings)]


def by_brute_force(handle: Handle, asked: str) -> list[int]:
    wanted = searched(asked)
    rows = handle.rows("SELECT id, rendered_content, topic FROM message ORDER BY id")
    return [
        message_id
        for message_id, rendered, topic in rows
        if wanted.finds(search.searchable(rendered), search.searchable(topic))
    ]


def check(store: Store) -> None:
    with store.read() as reader:
        for asked in ASKED:
            assert found(reader, asked) == by_brute_force(reader, asked)


def indexed(store: Store) -> int:
    with store.read() as reader:
        count: int = reader.value("SELECT count(*) FROM message_words")
    return count


def all_ids(handle: Handle) -> list[int]:
    return [each for (each,) in handle.rows("SELECT id FROM message")]


class Life:
    """Random deeds."""

    def __init__(self, store: Store, seed: int) -> None:
        self._store, self._random = store, random.Random(seed)

    def live(self, steps: int) -> None:
        for _ in range(steps):
            self._random.choice((self._send, self._send, self._edit, self._move, self._delete, self._index))()

    def _text(self) -> str:
        return " ".join(self._random.choices(WORDS, k=self._random.randint(1, 3)))

    def _some(self, transaction: Transaction) -> list[int]:
        known = all_ids(transaction)
        return self._random.sample(known, min(len(known), 9))

    def _send(self) -> None:
        self._store.write(lambda t: [add(t, self._text()) for _ in range(self._random.randint(1, 90))])

    def _edit(self) -> None:
        def write(transaction: Transaction) -> None:
            for each in self._some(transaction):
                text = self._text()
                edit.set_content(transaction, each, text, f"<p>{text}</p>", Holds())

        self._store.write(write)

    def _move(self) -> None:
        self._store.write(lambda t: edit.move(t, self._some(t), 1, self._text()))

    def _delete(self) -> None:
        self._store.write(lambda t: archive.put(t, self._some(t), 1))

    def _index(self) -> None:
        self._store.write(search.catch_up)


@pytest.mark.parametrize("seed", range(8))
def test_all_is_found_at_any_moment(store: Store, seed: int) -> None:
    life = Life(store, seed)
    for _ in range(8):
        life.live(5)
        check(store)
    search_index.keep_up(store, math.inf)
    check(store)


def test_the_index_is_written_for_many_messages_at_once(store: Store) -> None:
    store.write(lambda t: [add(t, "pie") for _ in range(search.LAG - 1)])
    search_index.keep_up(store)
    assert indexed(store) == 0
    store.write(lambda t: add(t, "pie"))
    search_index.keep_up(store)
    assert indexed(store) == search.LAG
    check(store)


def test_changed_messages_are_indexed_again_when_they_are_many(store: Store) -> None:
    store.write(lambda t: [add(t, "pie") for _ in range(search.LAG)])
    search_index.keep_up(store)
    store.write(lambda t: edit.move(t, all_ids(t), 1, "dinner"))
    assert indexed(store) == 0
    check(store)
    search_index.keep_up(store)
    assert indexed(store) == search.LAG
    check(store)


def test_a_change_that_search_does_not_see_costs_nothing(store: Store) -> None:
    store.write(lambda t: [add(t, "pie") for _ in range(search.LAG)])
    search_index.keep_up(store)
    store.write(lambda t: edit.move(t, all_ids(t), 2, "lunch"))
    assert indexed(store) == search.LAG


def test_a_message_that_comes_back_is_found(store: Store) -> None:
    store.write(lambda t: [add(t, "cake") for _ in range(search.LAG)])
    search_index.keep_up(store)
    row = "SELECT id, sender_id, recipient_id, topic, topic_key, content, rendered_content, time, client"
    with store.read() as reader:
        deleted = reader.row(f"{row} FROM message WHERE id = 7")
    assert deleted is not None
    store.write(lambda t: archive.put(t, [7], 1))
    with store.read() as reader:
        assert 7 not in found(reader, "cake")
    columns = row.removeprefix("SELECT ")
    places = ", ".join("?" * len(deleted))
    store.write(lambda t: t.execute(f"INSERT INTO message({columns}) VALUES ({places})", *deleted))
    with store.read() as reader:
        assert 7 in found(reader, "cake")


def test_what_was_taken_back_is_not_in_the_index(store: Store) -> None:
    def fail(transaction: Transaction) -> None:
        for _ in range(search.LAG):
            add(transaction, "pie")
        search.catch_up(transaction)
        raise KeyError

    with pytest.raises(KeyError):
        store.write(fail)
    assert indexed(store) == 0
    store.write(lambda t: add(t, "pie"))
    check(store)


def test_an_index_far_behind_still_finds_what_is_new(store: Store) -> None:
    store.write(lambda t: [add(t, "pie") for _ in range(search.MOST_READ + 10)])
    with store.read() as reader:
        assert len(found(reader, "pie")) == search.MOST_READ
        assert max(found(reader, "pie")) == search.MOST_READ + 10
    search_index.keep_up(store, math.inf)
    check(store)


def test_keeping_up_takes_a_while_at_most(store: Store) -> None:
    store.write(lambda t: [add(t, "pie") for _ in range(search.LAG)])
    search_index.keep_up(store, seconds=-1)
    assert indexed(store) == 0


def test_a_file_of_the_time_before_search_is_indexed(tmp_path: Path, store: Store) -> None:
    """`store` has the newest form; here is one without the last step, with messages."""
    connection = apsw.Connection(str(tmp_path / "old.db"))
    for step in OLD:
        step(connection)
    connection.execute(
        "INSERT INTO message(sender_id, recipient_id, topic, topic_key, content, rendered_content, time,"
        " client) VALUES (1, 1, 'lunch', 'lunch', 'pie', '<p>pie</p>', 0, '')"
    )
    m0009_search.migrate(connection)
    assert found(Handle(connection), "pie") == [1]
    connection.close()


def test_words_are_taken_from_the_index_where_they_are(store: Store) -> None:
    """Not by reading: the index says where the word is."""
    store.write(lambda t: [add(t, "pie") for _ in range(search.LAG)])
    search_index.keep_up(store)
    store.write(lambda t: t.execute("DELETE FROM message_words WHERE rowid = 3"))
    with store.read() as reader:
        assert 3 not in found(reader, "pie")


