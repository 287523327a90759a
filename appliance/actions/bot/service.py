"""Bots that stand for a service: they are told what is said to them by a job that calls it, and answer."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.actions.message import reading
from appliance.actions.message import send as message_actions
from appliance.actions.message.send import Draft, Ready
from appliance.model.message import Message
from appliance.model.user import User
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction

CLIENT = "ZulipOutgoingWebhook"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bot says: `content` in the conversation, `to_owner` to who owns it; empty: nothing."""

    content: str = ""
    to_owner: str = ""


def answer(
    store: Store, bot: User, message: Message, said: Answer, first: Callable[[Transaction], bool]
) -> None:
    """The bot answers `message`, has read it, and `first` is done, all in one transaction; nothing if
    `first` says that an earlier try got this far."""
    with store.read() as reader:
        owner = users.with_id(reader, bot.bot_owner_id or 0)
    reply, report = _prepare(store, bot, said.content), _prepare(store, bot, said.to_owner)

    def write(transaction: Transaction) -> None:
        if not first(transaction):
            return
        reading.mark_read(transaction, bot.id, [message.id])
        if reply is not None:
            message_actions.store_answer(transaction, reply, message)
        if report is not None and owner is not None and owner.is_active:
            message_actions.store_report(transaction, report, owner)

    store.write(write)


def _prepare(store: Store, bot: User, content: str) -> Ready | None:
    if not content:
        return None
    return message_actions.prepare_answer(store, Draft(bot, content, CLIENT, read_by_sender=True))
