"""All event queues of the process, found by id, by person, and by interest in public channels."""

import logging
import threading
from collections import defaultdict

from appliance.base.errors import BadEventQueueId
from appliance.events.queue import EventQueue

log = logging.getLogger(__name__)


class Queues:
    """`lock` guards the index and every queue in it. It is held for microseconds, and never while a waiting
    client is answered."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._by_id: dict[str, EventQueue] = {}
        self._by_user: dict[int, list[EventQueue]] = defaultdict(list)
        self._public: dict[str, EventQueue] = {}  # those that are offered messages of all public channels

    def __len__(self) -> int:
        return len(self._by_id)

    # -- lock held

    def all(self) -> list[EventQueue]:
        return list(self._by_id.values())

    def get(self, queue_id: str, user_id: int) -> EventQueue:
        """Raises BadEventQueueId, for an unknown or closed queue as for somebody else's."""
        queue = self._by_id.get(queue_id)
        if queue is None or queue.closed:
            raise BadEventQueueId(queue_id)
        if queue.user_id != user_id:
            log.warning("user %d asked for an event queue of user %d", user_id, queue.user_id)
            raise BadEventQueueId(queue_id)
        return queue

    def of_user(self, user_id: int) -> list[EventQueue]:
        return self._by_user.get(user_id, [])

    def hearing_public_channels(self) -> list[EventQueue]:
        return list(self._public.values())

    def add(self, queue: EventQueue) -> None:
        self._by_id[queue.id] = queue
        self._by_user[queue.user_id].append(queue)
        if queue.client.hears_public_channels:
            self._public[queue.id] = queue

    def remove(self, queue: EventQueue) -> None:
        if self._by_id.pop(queue.id, None) is None:
            return
        self._public.pop(queue.id, None)
        of_user = self._by_user[queue.user_id]
        of_user.remove(queue)
        if not of_user:
            del self._by_user[queue.user_id]

    def accepts_messages(self, user_id: int, notice_id: int) -> bool:
        """At the notice, was some client of this person connected (or minutes before) that wants messages?
        A replay meets queues that are younger than the notice."""
        return any(
            queue.client.accepts_messages and queue.born < notice_id for queue in self.of_user(user_id)
        )
