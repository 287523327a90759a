"""A minimal long-poll server on tornado 6, for benchmarks/broadcast.py: PORT and the template of its event.

It has no users, no file and no rules: everybody who has registered gets every message. What is left is what a
long poll costs on tornado: a Future for each waiter, queues in memory with ids and acknowledgement, events
serialised once, no access log, no ETags.
"""

import asyncio
import json
import sys
import uuid
from collections import deque
from typing import Any

from tornado.web import Application, RequestHandler


class Queue:
    def __init__(self) -> None:
        self._events: deque[tuple[int, bytes]] = deque()
        self._next_id = 0
        self._waiter: asyncio.Future[None] | None = None

    def push(self, body: bytes) -> None:
        """`body`: the event without its id and closing brace."""
        self._events.append((self._next_id, body))
        self._next_id += 1
        self.wake()

    def wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def after(self, event_id: int) -> bytes:
        """The body of an answer with the events from there on, as soon as there are any."""
        while self._events and self._events[0][0] <= event_id:
            self._events.popleft()
        if not self._events:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            self._waiter = None
        events = b",".join([b'%b,"id":%d}' % (body, number) for number, body in self._events])
        return b'{"result":"success","msg":"","events":[%b]}' % events


class Handler(RequestHandler):
    def set_default_headers(self) -> None:
        self.set_header("Content-Type", "application/json")

    def compute_etag(self) -> None:
        """A hash of each answer, which a client of an API does not use."""


class Register(Handler):
    def initialize(self, queues: dict[str, Queue]) -> None:
        self.queues = queues

    def post(self) -> None:
        queue_id = str(uuid.uuid4())
        self.queues[queue_id] = Queue()
        self.finish({"result": "success", "msg": "", "queue_id": queue_id, "last_event_id": -1})


class Events(Handler):
    def initialize(self, queues: dict[str, Queue]) -> None:
        self.queues = queues

    async def get(self) -> None:
        self.queue = self.queues[self.get_query_argument("queue_id")]
        self.finish(await self.queue.after(int(self.get_query_argument("last_event_id"))))

    def on_connection_close(self) -> None:
        self.queue.wake()


class Messages(Handler):
    def initialize(self, queues: dict[str, Queue], template: dict[str, Any]) -> None:
        self.queues, self.template = queues, template

    def post(self) -> None:
        message = self.template["message"]
        message["id"] += 1
        message["content"] = self.get_body_argument("content")
        body = json.dumps(self.template, separators=(",", ":")).encode()[:-1]
        self.finish({"result": "success", "msg": "", "id": message["id"]})
        for queue in self.queues.values():
            queue.push(body)


async def serve(port: int, template: dict[str, Any]) -> None:
    queues: dict[str, Queue] = {}
    application = Application(
        [
            ("/api/v1/register", Register, {"queues": queues}),
            ("/api/v1/events", Events, {"queues": queues}),
            ("/api/v1/messages", Messages, {"queues": queues, "template": template}),
        ],
        log_function=lambda handler: None,
    )
    application.listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), json.loads(sys.argv[2])))
