"""Bots that people make for themselves."""

from dataclasses import dataclass
from typing import Any

from appliance.actions.bot import owner as bot_owner
from appliance.actions.user import account, full_member
from appliance.actions.user import creation as user_actions
from appliance.base.errors import ApiError
from appliance.model import bot as bot_model
from appliance.model import credential, permission
from appliance.model.bot import MOST_OF_AN_OWNER, OUTGOING_WEBHOOK
from appliance.model.user import Role, User, check_email, check_full_name
from appliance.store import bot_service
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

NO_SUCH_BOT = "No such bot"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bot to be made; `payload_url` and `interface` are those of an outgoing webhook."""

    full_name: str
    short_name: str
    bot_type: int = bot_model.GENERIC
    payload_url: str = ""
    interface: int = bot_model.PLAIN
    service_name: str = ""


def create(store: Store, owner: User, wanted: Wanted, domain: str) -> User:
    """`domain`: where its address ends. Raises ApiError."""
    full_name = check_full_name(wanted.full_name)
    email = check_email(bot_model.address(wanted.short_name, domain))
    bot_model.check_kind(wanted.bot_type)
    bot_model.check_interface(wanted.interface)

    def write(transaction: Transaction) -> User:
        bot_owner.check_makes(transaction, owner, wanted.bot_type)
        _check_room(transaction, owner, email, full_name)
        made = users.add(
            transaction,
            email=email,
            full_name=full_name,
            role=Role.MEMBER,
            api_key=credential.new_api_key(),
            bot_type=wanted.bot_type,
            bot_owner_id=owner.id,
            full_member=not full_member.waiting_days(transaction),
        )
        if wanted.bot_type == OUTGOING_WEBHOOK:
            name, token = wanted.service_name or wanted.short_name, credential.new_api_key()
            bot_service.add(transaction, made.id, name, wanted.payload_url, wanted.interface, token)
        user_actions.tell_added(transaction, made, bot_service.of_bot(transaction, made.id))
        return made

    return store.write(write)


def _check_room(handle: Handle, owner: User, email: str, full_name: str) -> None:
    if users.with_email(handle, email):
        raise ApiError("Username already in use")
    _check_name_is_free(handle, full_name)
    if len(users.bots_of(handle, owner.id)) >= MOST_OF_AN_OWNER:
        raise ApiError(f"Nobody can have more than {MOST_OF_AN_OWNER} bots.")


def _check_name_is_free(handle: Handle, full_name: str) -> None:
    if users.named(handle, full_name):
        raise ApiError("Name is already in use!")


def own(store: Store, owner: User) -> list[dict[str, Any]]:
    """The objects of one's active bots."""
    with store.read() as reader:
        bots = [each for each in users.bots_of(reader, owner.id) if each.is_active]
        services = bot_service.of_bots(reader, [each.id for each in bots])
    return [bot_model.managed(each, services.get(each.id, ())) for each in bots]


def access(handle: Handle, user: User, bot_id: int) -> User:
    """An active bot that the user may manage. Raises ApiError, the same for a bot of others as for none."""
    bot = users.with_id(handle, bot_id)
    if bot is None or not bot.is_bot or not bot.is_active or not permission.manages_bot(user, bot):
        raise ApiError(NO_SUCH_BOT)
    return bot


@dataclass(frozen=True, slots=True)
class Changes:
    """None: as it is."""

    full_name: str | None = None
    owner_id: int | None = None
    payload_url: str | None = None
    interface: int | None = None


def change(store: Store, user: User, bot_id: int, changes: Changes) -> dict[str, Any]:
    """The bot's object as it is then. Raises ApiError, and then nothing is changed."""

    def write(transaction: Transaction) -> dict[str, Any]:
        bot = access(transaction, user, bot_id)
        if changes.full_name is not None and changes.full_name != bot.full_name:
            _rename(transaction, bot, check_full_name(changes.full_name))
        if changes.owner_id is not None and changes.owner_id != bot.bot_owner_id:
            _give(transaction, bot, changes.owner_id)
        if changes.payload_url is not None or changes.interface is not None:
            _serve_elsewhere(transaction, bot, changes)
        changed = users.with_id(transaction, bot_id)
        assert changed is not None
        return bot_model.managed(changed, bot_service.of_bot(transaction, bot_id))

    return store.write(write)


def _rename(transaction: Transaction, bot: User, full_name: str) -> None:
    _check_name_is_free(transaction, full_name)
    account.rename(transaction, bot, full_name)


def _give(transaction: Transaction, bot: User, owner_id: int) -> None:
    new = users.with_id(transaction, owner_id)
    if new is None or not new.is_active:
        raise ApiError("Failed to change owner, no such user")
    if new.is_bot:
        raise ApiError("Failed to change owner, bots can't own other bots")
    bot_owner.give(transaction, bot, new)


def _serve_elsewhere(transaction: Transaction, bot: User, changes: Changes) -> None:
    services = bot_service.of_bot(transaction, bot.id)
    if not services:
        raise ApiError("Only outgoing webhook bots have a service.")
    now = services[0]
    url = now.base_url if changes.payload_url is None else changes.payload_url
    interface = now.interface if changes.interface is None else bot_model.check_interface(changes.interface)
    bot_service.change(transaction, bot.id, url, interface)
    shown = [bot_model.shown(each) for each in bot_service.of_bot(transaction, bot.id)]
    bot_owner.tell(transaction, bot, "update", {"user_id": bot.id, "services": shown})
