"""Outgoing webhooks: what a bot's service is asked, and what its answer makes the bot say.

A service of the plain interface gets JSON, one of Slack's a form; both answer with JSON, as zulip-botserver
and Slack's own handlers do.
"""

from typing import Any
from urllib.parse import urlsplit

import orjson

from appliance.base.errors import ApplianceError
from appliance.model import message as message_model
from appliance.model.bot import SLACK, Service
from appliance.model.message import Message, Shape
from appliance.model.user import User

MENTION, DIRECT = "mention", "direct_message"  # why it is called
REALM_ID = 1
RAW = Shape(apply_markdown=False, empty_topic_name=False)


class BadAnswer(ApplianceError):
    """The service says what no bot can say; the text is what the bot says of it instead."""


def plain(service: Service, bot: User, message: Message, trigger: str) -> dict[str, Any]:
    """The JSON body for a service of the plain interface."""
    shown = message_model.payload(message_model.wide(message), RAW)
    return {
        "data": message.content,
        "message": {**shown, "rendered_content": message.rendered_content},
        "bot_email": bot.email,
        "bot_full_name": bot.full_name,
        "token": service.token,
        "trigger": trigger,
    }


def slack(service: Service, message: Message, trigger: str, public_url: str) -> dict[str, str]:
    """The form for a service of Slack's interface, which knows channels only."""
    return {
        "token": service.token,
        "team_id": f"T{REALM_ID}",
        "team_domain": urlsplit(public_url).hostname or "",
        "channel_id": f"C{message.channel_id}",
        "channel_name": message.channel_name or "",
        "thread_ts": str(message.time),
        "timestamp": str(message.time),
        "user_id": f"U{message.sender.id}",
        "user_name": message.sender.full_name,
        "text": message.content,
        "trigger_word": trigger,
        "service_id": str(service.bot_id),
    }


def said(service: Service, body: bytes) -> str:
    """What the bot says, from the body of an answer; empty: nothing. Raises BadAnswer."""
    try:
        answer = orjson.loads(body or b'""')
    except orjson.JSONDecodeError:
        raise BadAnswer("Invalid JSON in response") from None
    if answer == "":
        return ""
    if not isinstance(answer, dict):
        raise BadAnswer("Invalid response format")
    return _slack_says(answer) if service.interface == SLACK else _plain_says(answer)


def _slack_says(answer: dict[str, Any]) -> str:
    return _text(answer.get("text"))


def _plain_says(answer: dict[str, Any]) -> str:
    """`response_string` is the older name."""
    if answer.get("response_not_required"):
        return ""
    return _text(answer.get("response_string", answer.get("content")))


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
