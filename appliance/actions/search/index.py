"""Keeping the index of words up with the messages (store/search.py)."""

import time

from appliance.store import search
from appliance.store.store import Store

BUDGET = 0.5  # seconds at a time; an index that has to be made anew takes some twenty of them


def keep_up(store: Store, seconds: float = BUDGET) -> None:
    """Called by the ticker, and with `seconds` endless by who wants all of it at once. A crash loses nothing
    but the work: what is in the index and how far it goes are written together."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and _is_behind(store):
        store.write(search.catch_up, flush=False)


def _is_behind(store: Store) -> bool:
    with store.read() as reader:
        return search.is_behind(reader)
