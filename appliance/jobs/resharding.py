"""Jobs of shards that are no more, since their number was changed, go to the shards that there are."""

import logging
import re
from collections.abc import Mapping

from appliance.base.errors import StorageError
from appliance.jobs import lease
from appliance.jobs.policy import Policy
from appliance.store import job as job_table
from appliance.store import job_shard
from appliance.store.store import Store

log = logging.getLogger(__name__)

SHARD = re.compile(r"_shard\d+$")


def bring_home(store: Store, policies: Mapping[str, Policy]) -> None:
    """Before these queues are worked. One of which another process works a part is left as it is."""
    owned = {_unsharded(queue) for queue in lease.owners(store.folder)}
    with store.read() as reader:
        found = job_table.queues(reader)
    for name in found:
        queue = _unsharded(name)
        if queue in policies and queue not in owned:
            _move(store, name, queue, policies[queue].shards)


def _move(store: Store, name: str, queue: str, shards: int) -> None:
    homes = job_shard.shard_names(queue, shards)
    if name in homes:
        return
    try:
        moved = store.write(lambda transaction: job_table.move(transaction, name, homes))
    except StorageError as error:
        log.error("jobs of %s, which is no more, wait: %s", name, error, extra={"queue": name})
        return
    log.warning("%s is no more: its %d jobs go to %s", name, moved, ", ".join(homes))


def _unsharded(queue: str) -> str:
    return SHARD.sub("", queue)
