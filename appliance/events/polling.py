"""GET /events: answer with what is there, or wait for it without a thread."""

import logging
import random

from appliance.base.clock import Clock
from appliance.events.descriptor import MAX_QUEUE_TIMEOUT, ClientDescriptor
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.events.shards import Shards
from appliance.events.waiting import Park, Waiter

log = logging.getLogger(__name__)

HEARTBEAT_MIN, HEARTBEAT_SPREAD = 45, 10  # seconds; the client gives up after 90
WITHOUT_HEARTBEAT = "API: heartbeat test"  # a client type that is left to wait


class Polling:
    def __init__(self, shards: Shards, clock: Clock) -> None:
        self._shards, self._clock = shards, clock
        self._stopping = False

    def poll(
        self, queue_id: str, user_id: int, last_event_id: int, *, dont_block: bool, park: Park
    ) -> bytes | None:
        """The answer's body, or None when the request was parked.

        Acknowledges the events up to `last_event_id`. An earlier poll that still waits on this queue is
        answered with what there is. Raises BadEventQueueId, and ApiError for an id this queue never gave.
        """
        superseded: tuple[Waiter, bytes] | None = None
        queues = self._shards.of_user(user_id).queues
        with queues.lock:
            queue = queues.get(queue_id, user_id)
            queue.acknowledge(last_event_id)
            if queue.waiter is not None:
                superseded = queue.waiter, queue.answer()
                queue.waiter = None
            answer = queue.answer() if dont_block or not queue.empty else None
            if answer is None:
                self._park(queues, queue, park)
        if superseded:
            superseded[0].resume(superseded[1])
        return answer

    def stop(self) -> None:
        """From now on a poll that ends for want of events does so without a heartbeat."""
        self._stopping = True

    def _park(self, queues: Queues, queue: EventQueue, park: Park) -> None:
        """Lock held."""

        def on_timeout() -> bytes:
            with queues.lock:
                if queue.waiter is waiter:
                    queue.waiter = None
                    if not self._stopping:
                        queue.push_heartbeat()
                return queue.answer()

        def on_gone() -> None:
            log.debug("client %s of queue %s went", queue.client.client_type_name, queue.id)
            with queues.lock:
                if queue.waiter is waiter:
                    queue.waiter = None

        waiter = park(_patience(queue.client), on_timeout, on_gone)
        log.debug("client %s of queue %s waits", queue.client.client_type_name, queue.id)
        queue.waiter = waiter
        queue.last_connection_time = self._clock.now()


def _patience(client: ClientDescriptor) -> float:
    """Seconds until a heartbeat."""
    if client.client_type_name == WITHOUT_HEARTBEAT:
        return MAX_QUEUE_TIMEOUT
    return HEARTBEAT_MIN + random.randint(0, HEARTBEAT_SPREAD)
