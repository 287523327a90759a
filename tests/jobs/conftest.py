"""Pools that are stopped in the end, and the disk whose flushes a test holds up."""

from collections.abc import Iterator

import pytest

from appliance.jobs import pauses
from appliance.store.store import Store
from tests.conftest import MovableClock
from tests.jobs.errands import Pools, Start
from tests.store.conftest import disk

__all__ = ["disk"]


@pytest.fixture
def pools(store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pools]:
    monkeypatch.setattr(pauses, "ACK", 0.01)
    monkeypatch.setattr(pauses, "DISK", 0.01)
    made = Pools(store, clock)
    yield made
    made.stop()


@pytest.fixture
def start(pools: Pools) -> Start:
    return pools.start
