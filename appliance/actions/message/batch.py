"""What is done to many messages: in several transactions, so that others can write between them."""

import time
from collections.abc import Callable

from appliance.store.store import Store
from appliance.store.transaction import Transaction

SECONDS = 50.0  # after which the caller is answered; another call goes on


def repeat(store: Store, batch: Callable[[Transaction], bool]) -> bool:
    """Call `batch` until it says that nothing is left; False: that would take too long for now."""
    deadline = time.monotonic() + SECONDS
    while store.write(batch):
        if time.monotonic() >= deadline:
            return False
    return True
