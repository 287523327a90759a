"""People: how they come."""

from collections.abc import Iterable

from appliance.actions.bot import owner as bot_owner
from appliance.actions.channel.subscription import subscribe_newcomer
from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import account, address, full_member, newcomer, role, sight
from appliance.actions.user import default as user_default
from appliance.actions.user import status as user_status
from appliance.model import credential
from appliance.model.bot import GENERIC, Service, managed
from appliance.model.user import Role, User, check_email, check_full_name
from appliance.store import user as users
from appliance.store.store import Store
from appliance.store.transaction import Transaction


def create(
    store: Store,
    *,
    email: str,
    full_name: str,
    role: Role,
    password: str | None,
    is_bot: bool = False,
    welcomed: bool = False,
) -> User:
    """As `add`. Raises ApiError: bad address or name, address in use."""
    email, full_name = check_email(email), check_full_name(full_name)
    hashed = credential.hash_password(credential.check_password(password)) if password is not None else None
    return store.write(
        lambda transaction: add(
            transaction,
            email=email,
            full_name=full_name,
            role=role,
            password=hashed,
            is_bot=is_bot,
            welcomed=welcomed,
        )
    )


def add(
    transaction: Transaction,
    *,
    email: str,
    full_name: str,
    role: Role,
    password: str | None,
    is_bot: bool = False,
    joins_defaults: bool = True,
    welcomed: bool = False,
) -> User:
    """Values are checked, the password hashed. `joins_defaults`: the channels in which newcomers are; guests
    and bots are in none; `welcomed`: the server writes to them, unless it is a bot. Raises ApiError for an
    address or a name that is taken."""
    address.check_is_free(transaction, email)
    account.check_name_is_free(transaction, full_name)
    first = not users.everyone(transaction)
    user = users.add(
        transaction,
        email=email,
        full_name=full_name,
        role=role,
        api_key=credential.new_api_key(),
        password=password,
        bot_type=GENERIC if is_bot else None,
        full_member=not full_member.waiting_days(transaction),
    )
    if first:
        realm_actions.found(transaction, user)
    if not is_bot:
        user = user_default.give(transaction, user)
    tell_added(transaction, user)
    user_status.introduce(transaction, user, sight.audience(transaction, user))
    if joins_defaults and not is_bot and not user.is_guest:
        subscribe_newcomer(transaction, user)
    if not is_bot:
        newcomer.introduce(transaction, user, announced=not first, welcomed=welcomed)
    return user


def tell_added(transaction: Transaction, user: User, services: Iterable[Service] = ()) -> None:
    """`services`: what a bot stands for."""
    active = users.active_ids(transaction)
    hidden = sight.strangers(transaction, user, active)
    sight.tell_there_is(transaction, user, set(active) - set(hidden))
    sight.tell_there_is_somebody(transaction, user, hidden)
    role.tell_groups(transaction, user, "add_members")
    bot_owner.tell(transaction, user, "add", managed(user, services))
