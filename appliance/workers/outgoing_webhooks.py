"""Queue `outgoing_webhooks`: a bot's service is told of a message, and its answer is what the bot says.

Event: {"user_profile_id": 9, "message_id": 991, "trigger": "mention"}; the person is the bot, and the trigger
may be "direct_message", too.
"""

import logging
from typing import NamedTuple, Unpack

from appliance.actions.bot import service as actions
from appliance.actions.bot.service import Answer
from appliance.actions.message import access as history
from appliance.actions.message import send as message_actions
from appliance.jobs.policy import Policy
from appliance.jobs.verdict import Drop, Retry
from appliance.jobs.worker import Context, Options, QueueProcessingWorker, assign_queue
from appliance.model import webhook
from appliance.model.bot import SLACK, Service
from appliance.model.message import Message
from appliance.model.user import User
from appliance.model.webhook import BadAnswer
from appliance.notify import conversation
from appliance.outside import http
from appliance.outside.breaker import Deferred, Unreachable
from appliance.outside.guard import Refused
from appliance.outside.http import BadUrl
from appliance.store import bot_service
from appliance.store import message as messages
from appliance.store import user as users
from appliance.store.transaction import Job
from appliance.workers.parts import Parts

log = logging.getLogger(__name__)

LONGEST_PAYLOAD = 1000  # characters of an answer that its owner is shown
NOT_DIRECT = "Failure! Services with Slack's interface know no direct messages."


class Call(NamedTuple):
    """A service that is to be told of a message."""

    service: Service
    bot: User
    message: Message
    trigger: str


@assign_queue(message_actions.WEBHOOKS, policy=Policy(first_pause=5.0, concurrency=4))
class OutgoingWebhooks(QueueProcessingWorker):
    def __init__(self, parts: Parts, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._store, self._public_url, self._webhooks = parts.store, parts.public_url, parts.webhooks

    def consume(self, job: Job, context: Context) -> None:
        call = self._call(job)
        try:
            said = self._ask(call, context)
        except Deferred as error:
            raise Retry(str(error), error.wait, counts=False) from error
        except Unreachable as error:
            if context.attempt < self.policy.attempts:
                raise Retry(str(error)) from error
            said = self._report(call, "Failure! Bot is unavailable", str(error))
        bot, message = call.bot, call.message
        actions.answer(
            self._store, bot, message, said, lambda transaction: context.acknowledge(transaction, job)
        )

    def close(self) -> None:
        self._webhooks.close()

    def _call(self, job: Job) -> Call:
        """Raises Drop."""
        event = job.event()
        bot_id = event["user_profile_id"]
        with self._store.read() as reader:
            bot, services = users.with_id(reader, bot_id), bot_service.of_bot(reader, bot_id)
            received = messages.with_id(reader, bot_id, event["message_id"])
        if bot is None or not bot.is_active or not services or received is None or received.flags is None:
            raise Drop(f"the message {event['message_id']}, or the bot {bot_id}, is gone")
        return Call(services[0], bot, received.message, event["trigger"])

    def _ask(self, call: Call, context: Context) -> Answer:
        """Raises Deferred, Unreachable."""
        if call.service.interface == SLACK and call.message.is_direct:
            return Answer(NOT_DIRECT)
        try:
            answer = self._post(call, context)
        except (BadUrl, Refused) as error:
            return self._report(call, "Failure! Bot is unavailable", f"Its address {error}.")
        return self._understood(call, answer)

    def _post(self, call: Call, context: Context) -> http.Answer:
        service, bot, message, trigger = call
        left = context.deadline.left
        if service.interface == SLACK:
            form = webhook.slack(service, message, trigger, self._public_url)
            return self._webhooks.call(service.base_url, left, form=form)
        return self._webhooks.call(
            service.base_url, left, json=webhook.plain(service, bot, message, trigger)
        )

    def _understood(self, call: Call, answer: http.Answer) -> Answer:
        if not 200 <= answer.status < 300:
            failure = f"Failure! Third party responded with {answer.status}"
            return self._report(call, failure, f"It answered {answer.status}.", answer.body)
        try:
            return Answer(webhook.said(call.service, answer.body))
        except BadAnswer as error:
            return self._report(call, f"Failure! {error}", f"{error}.", answer.body)

    def _report(self, call: Call, failure: str, why: str, payload: bytes = b"") -> Answer:
        """The conversation hears that it failed, the owner why."""
        log.info("bot %d, message %d: %s", call.bot.id, call.message.id, failure)
        bot = f"@_**{call.bot.full_name}|{call.bot.id}**"
        lines = [f"{self._linked(call)} was for the service of {bot}. {why}"]
        if payload:
            lines.append(_quoted(payload.decode("utf-8", "replace")[:LONGEST_PAYLOAD]))
        return Answer(failure, "\n".join(lines))


    def _linked(self, call: Call) -> str:
        """Where it is, for an owner who may read it."""
        with self._store.read() as reader:
            owner = users.with_id(reader, call.bot.bot_owner_id or 0)
            found = None if owner is None else messages.with_id(reader, owner.id, call.message.id)
            if owner is None or found is None or not history.readable(reader, owner, [found]):
                return "A message"
        return f"[A message]({conversation.url(call.message, call.bot, self._public_url)})"


def _quoted(text: str) -> str:
    """In a fence that nothing in the text can end."""
    return f"~~~~~~\n{text.replace('~~~', '~ ~ ~')}\n~~~~~~"
