"""After the number of shards was changed, no job lies in a queue that nobody works."""

from collections.abc import Iterator
from operator import methodcaller

import pytest

from appliance.jobs.lease import Lease
from appliance.jobs.policy import Policy
from appliance.jobs.resharding import bring_home
from appliance.store import job as job_table
from appliance.store import job_shard
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import until
from tests.jobs.errands import Errand, Start, enqueue, waiting

THREE, TWO, ONE = ({"errands": Policy(shards=number)} for number in (3, 2, 1))


def enqueue_of(store: Store, *user_ids: int, shards: int, key: str | None = None) -> None:
    """As who publishes does, as long as there are so many shards."""

    def write(transaction: Transaction) -> None:
        for user_id in user_ids:
            event = {"number": user_id, "user_profile_id": user_id}
            transaction.job(job_shard.shard_of("errands", user_id, shards), event, key=key)

    store.write(write)


def where(store: Store, *, dead: bool = False) -> dict[str, list[int]]:
    """The events' numbers, by queue."""
    found: dict[str, list[int]] = {}
    for row in waiting(store, dead=dead):
        found.setdefault(row.queue, []).append(int(row.body.split(b":")[1].split(b",")[0].strip(b"}")))
    return found


def test_jobs_of_a_shard_that_is_no_more_go_to_their_users_shards(store: Store) -> None:
    enqueue_of(store, *range(9), shards=3)
    bring_home(store, TWO)
    assert where(store) == {"errands_shard1": [0, 2, 3, 6, 8], "errands_shard2": [1, 4, 5, 7]}


def test_what_is_not_of_a_user_goes_to_the_first(store: Store) -> None:
    enqueue(store, 1, 2, queue="errands_shard3")
    bring_home(store, TWO)
    assert where(store) == {"errands_shard1": [1, 2]}


@pytest.mark.parametrize(
    "body", [b"{", b"[7]", b"\xff", b'{"user_profile_id": -7}', b'{"user_profile_id": "a"}']
)
def test_a_body_that_makes_no_sense_goes_somewhere(store: Store, body: bytes) -> None:
    insert = "INSERT INTO job(queue, body, created) VALUES ('errands_shard3', ?, 0)"
    store.write(methodcaller("execute", insert, body))
    bring_home(store, TWO)
    [job] = waiting(store)
    assert job.queue in ("errands_shard1", "errands_shard2")
    assert job.body == body


def test_a_queue_that_is_split_and_put_together_again(store: Store) -> None:
    enqueue_of(store, *range(6), shards=1)
    bring_home(store, THREE)
    assert where(store) == {"errands_shard1": [0, 3], "errands_shard2": [1, 4], "errands_shard3": [2, 5]}
    bring_home(store, ONE)
    assert where(store) == {"errands": [0, 1, 2, 3, 4, 5]}


def test_dead_letters_go_along(store: Store) -> None:
    enqueue_of(store, 2, shards=3)
    store.write(lambda transaction: job_table.bury(transaction, waiting(store)[0].id, 4, "no use"))
    bring_home(store, TWO)
    assert where(store, dead=True) == {"errands_shard1": [2]}


def test_of_two_with_the_same_key_one_is_left(store: Store) -> None:
    enqueue_of(store, 2, shards=2, key="ann")
    enqueue_of(store, 2, shards=3, key="ann")
    bring_home(store, TWO)
    assert where(store) == {"errands_shard1": [2]}


def test_other_queues_are_left_alone(store: Store) -> None:
    for queue in ("others", "others_shard7", "errands_shard1", "errands_sharder"):
        enqueue(store, 1, queue=queue)
    before, version = where(store), store.committer.writes
    bring_home(store, TWO)
    assert (where(store), store.committer.writes) == (before, version)


@pytest.fixture
def foreign(store: Store) -> Iterator[Lease]:
    lease = Lease(store.folder, "errands_shard3")
    assert lease.take()
    yield lease
    lease.release()


def test_what_another_process_works_is_left_to_it(store: Store, foreign: Lease) -> None:
    enqueue_of(store, 2, shards=3)
    bring_home(store, TWO)
    assert where(store) == {"errands_shard3": [2]}


def test_moved_jobs_are_done(store: Store, start: Start) -> None:
    enqueue_of(store, *range(30), shards=3)
    shards = [Errand(), Errand()]
    for number, shard in enumerate(shards, 1):
        shard.worker_num = number
    bring_home(store, TWO)
    start(*shards)
    until(lambda: not waiting(store))
    assert sorted(shards[0].seen + shards[1].seen) == list(range(30))
    assert {2, 8} <= {*shards[0].seen}  # they were in the third
    assert {5, 11} <= {*shards[1].seen}
