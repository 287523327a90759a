"""Bots: their kinds, their names, and the services on the outside that some of them stand for."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from appliance.base.errors import ApiError
from appliance.model.user import User, picture_url

GENERIC, INCOMING_WEBHOOK, OUTGOING_WEBHOOK, EMBEDDED = 1, 2, 3, 4
PLAIN, SLACK = 1, 2  # interfaces: how a service is spoken to
MOST_OF_AN_OWNER = 100
SHORT_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9._+-]{0,40}[a-zA-Z0-9])?")


class Service(NamedTuple):
    """What an outgoing webhook bot is: `base_url` is told of messages, and knows us by the `token`."""

    id: int
    bot_id: int
    name: str
    base_url: str
    interface: int
    token: str


def managed(bot: User, services: Iterable[Service] = ()) -> dict[str, Any]:
    """The bot object of the API, with its key: realm_bots, realm_bot events."""
    return {
        "user_id": bot.id,
        "email": bot.email,
        "full_name": bot.full_name,
        "bot_type": bot.bot_type,
        "is_active": bot.is_active,
        "api_key": bot.api_key,
        "owner_id": bot.bot_owner_id,
        "avatar_url": picture_url(bot),
        "default_sending_stream": None,
        "default_events_register_stream": None,
        "default_all_public_streams": False,
        "services": [shown(each) for each in services],
    }


def shown(service: Service) -> dict[str, Any]:
    """To who manages the bot."""
    return {"base_url": service.base_url, "interface": service.interface, "token": service.token}


def address(short_name: str, domain: str) -> str:
    """Raises ApiError with Zulip's text for a name that no address can begin with."""
    short_name = short_name.strip().removesuffix("-bot")
    if not SHORT_NAME.fullmatch(short_name):
        raise ApiError("Bad name or username")
    return f"{short_name.lower()}-bot@{domain}"


def check_kind(bot_type: int) -> int:
    if bot_type == EMBEDDED:
        raise ApiError("Embedded bots are not enabled.")
    if bot_type not in (GENERIC, INCOMING_WEBHOOK, OUTGOING_WEBHOOK):
        raise ApiError("Invalid bot type")
    return bot_type


def check_interface(interface: int) -> int:
    if interface not in (PLAIN, SLACK):
        raise ApiError("Invalid interface type")
    return interface
