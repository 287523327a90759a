"""A server like ntfy's for tests: it reads what is published to its topics, as ntfy does.

By hand: `python -m tests.outside.ntfy [PORT]` prints each message.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.header import decode_header, make_header
from typing import Any

from tests.outside.post_sink import Posted, PostSink, Reply

LARGEST = 4096  # bytes; ntfy makes a file of what is longer


@dataclass(frozen=True)
class Published:
    """`title`: as ntfy's app shows it; a UnifiedPush app gets `message` alone."""

    topic: str
    message: str
    title: str
    click: str
    tags: list[str]
    priority: str
    posted: Posted

    def json(self) -> Any:
        return json.loads(self.message)


class NtfyServer(PostSink):
    def __init__(self, port: int = 0) -> None:
        super().__init__(port, Reply(200, {"Content-Type": "application/json"}))
        self.published: list[Published] = []
        self.on_message: Callable[[Published], None] = self.published.append

    def topic(self, name: str) -> str:
        """The URL to publish to."""
        return f"{self.url}/{name}"

    def take(self, posted: Posted) -> Reply:
        reply = super().take(posted)
        if reply.how == "whole" and reply.status == 200:
            if len(posted.body) > LARGEST:
                return Reply(413)
            if "content-encoding" not in posted.headers:
                self.on_message(_published(posted))
        return reply


def _published(posted: Posted) -> Published:
    headers = posted.headers
    return Published(
        posted.path.strip("/"),
        posted.body.decode(),
        str(make_header(decode_header(headers.get("title", "")))),
        headers.get("click", ""),
        [tag for tag in headers.get("tags", "").split(",") if tag],
        headers.get("priority", "default"),
        posted,
    )


def main() -> None:
    with NtfyServer(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as server:
        server.on_message = lambda each: print(f"{each.topic}: {each.title}: {each.message}", flush=True)
        print(f'config.toml:  [outside]\n              private_hosts = ["{server.server}"]')
        print(f"add:          POST /api/v1/appliance/ntfy with url={server.topic('mine')}", flush=True)
        with suppress(KeyboardInterrupt):
            server.ended.wait()


if __name__ == "__main__":
    main()
