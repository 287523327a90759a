"""GET /events: answer with what is there, or wait for it without a thread."""

import logging
import random

from appliance.base.clock import Clock
from appliance.base.errors import BadEventQueueId
from appliance.events.fanout import poll_answer
from appliance.events.queue import EventQueue
from appliance.events.queues import Queues
from appliance.events.waiting import Park, Waiter

log = logging.getLogger(__name__)

HEARTBEAT_MIN, HEARTBEAT_SPREAD = 45, 10  # seconds; the client gives up after 90


class Polling:
    def __init__(self, queues: Queues, clock: Clock) -> None:
        self._queues, self._clock = queues, clock
        self._stopping = False

    def poll(
        self, queue_id: str, user_id: int, last_event_id: int, *, dont_block: bool, park: Park
    ) -> bytes | None:
        """The answer's body, or None when the request was parked.

        Acknowledges the events up to `last_event_id`. An earlier poll that still waits on this queue is
        answered with what there is. Raises BadEventQueueId, and ApiError for an id this queue never gave.
        """
        superseded: tuple[Waiter, bytes] | None = None
        with self._queues.lock:
            queue = self._find(queue_id, user_id)
            queue.acknowledge(last_event_id)
            if queue.waiter is not None:
                superseded = queue.waiter, poll_answer(queue)
                queue.waiter = None
            answer = poll_answer(queue) if dont_block or not queue.empty else None
            if answer is None:
                self._park(queue, park)
        if superseded:
            superseded[0].resume(superseded[1])
        return answer

    def stop(self) -> None:
        """From now on a poll that ends for want of events does so without a heartbeat."""
        self._stopping = True

    def _find(self, queue_id: str, user_id: int) -> EventQueue:
        try:
            return self._queues.get(queue_id, user_id)
        except BadEventQueueId:
            log.info("user %d asked for an event queue that is unknown or not theirs", user_id)
            raise

    def _park(self, queue: EventQueue, park: Park) -> None:
        """Lock held."""

        def on_timeout() -> bytes:
            with self._queues.lock:
                if queue.waiter is waiter:
                    queue.waiter = None
                    if not self._stopping:
                        queue.push_heartbeat()
                return poll_answer(queue)

        def on_gone() -> None:
            with self._queues.lock:
                if queue.waiter is waiter:
                    queue.waiter = None

        waiter = park(HEARTBEAT_MIN + random.randint(0, HEARTBEAT_SPREAD), on_timeout, on_gone)
        queue.waiter = waiter
        queue.last_connection_time = self._clock.now()
