"""The server's own bot: what it says in channels, and to people.

Its texts are ours and short, so they are rendered inside the transaction that they tell of.
"""

from collections.abc import Collection, Iterable

from appliance.actions.message import send as message
from appliance.actions.message.directory import render
from appliance.actions.message.send import Draft, Ready
from appliance.model import credential
from appliance.model.bot import GENERIC
from appliance.model.channel import Channel
from appliance.model.user import Role, User
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction

EMAIL, NAME, CLIENT = "notification-bot@appliance.invalid", "Notification Bot", "Internal"


def create(transaction: Transaction) -> None:
    users.add(
        transaction,
        email=EMAIL,
        full_name=NAME,
        role=Role.MEMBER,
        api_key=credential.new_api_key(),
        bot_type=GENERIC,
        is_system=True,
    )


def post(
    transaction: Transaction,
    channel: Channel,
    topic: str,
    content: str,
    *,
    seen_by: User | None = None,
    unread_for: Collection[int] | None = None,
) -> int:
    """Say something in a channel; the message's id. `topic`: checked. `seen_by`: whoever knows the channels
    that are named (None: all know them); `unread_for`: to others it is read already (None: to nobody)."""
    ready = _ready(transaction, content, seen_by)
    return message.store_by_server(transaction, ready, channel, topic, unread_for).id


def tell(
    transaction: Transaction,
    people: Iterable[User],
    content: str,
    *,
    seen_by: User | None = None,
    alerts: bool = True,
) -> None:
    """The same to each, alone. `seen_by`: as of `post`; `alerts`: by mails and pushes too."""
    ready = _ready(transaction, content, seen_by, alerts)
    for each in people:
        message.store_report(transaction, ready, each)


def _ready(handle: Handle, content: str, seen_by: User | None, alerts: bool = True) -> Ready:
    bot = get(handle)
    draft = Draft(bot, content, CLIENT, read_by_sender=True, alerts=alerts)
    return Ready(draft, content, render(handle, seen_by or bot, content))


def mention(user: User) -> str:
    """Their name, without calling them."""
    return f"@_**{user.full_name}|{user.id}**"


def get(handle: Handle) -> User:
    return next(each for each in users.system_bots(handle) if each.delivery_email == EMAIL)
