"""Queue `embed_links`: the pages that a message links to are asked what they are, and it is shown below it.

Event: {"message_id": 991, "message_content": "see https://…", "urls": ["https://…"]}.
"""

import logging
from collections.abc import Sequence
from typing import Unpack

from appliance.actions.message import link_card
from appliance.jobs.policy import DROP, Policy
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.model.markdown import Card
from appliance.outside.breaker import Unreachable
from appliance.store.transaction import Job
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)

LIMIT = 30.0  # seconds for all pages of a message
SHOWING = 2.0  # of these, kept for what comes then


@assign_queue(link_card.QUEUE, policy=Policy(attempts=2, timeout=LIMIT, concurrency=2, exhausted=DROP))
class EmbedLinks(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._previews = parts.store, parts.previews

    def consume(self, job: Job, context: Context) -> None:
        event = job.event()
        cards = self._cards(event["message_id"], event["urls"], context)
        link_card.show(
            self._store,
            event["message_id"],
            event["message_content"],
            cards,
            lambda transaction: context.acknowledge(transaction, job),
        )

    def _cards(self, message_id: int, urls: Sequence[str], context: Context) -> dict[str, Card]:
        """Of those pages that have one and answer in time."""
        found: dict[str, Card] = {}
        for number, url in enumerate(urls):
            left = context.deadline.left() - SHOWING
            if left <= 0:
                log.warning(
                    "Timed out in embed_links after %d seconds while fetching URLs for message %d: %s",
                    LIMIT,
                    message_id,
                    urls[number:],
                )
                break
            try:
                card = self._previews.card(url, lambda: context.deadline.left() - SHOWING)
            except Unreachable as error:
                log.info("no card in message %d: %s", message_id, error)
                continue
            if card is not None:
                found[url] = card
        return found

    def close(self) -> None:
        self._previews.close()
