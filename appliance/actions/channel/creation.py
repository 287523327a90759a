"""Making channels."""

from dataclasses import dataclass, field

from appliance.actions.channel import default as default_channel
from appliance.actions.channel import sight as channel_sight
from appliance.actions.channel.standing import seers
from appliance.actions.group import access as group_access
from appliance.actions.message.directory import FileDirectory
from appliance.base.errors import ApiError
from appliance.model import channel as channel_model
from appliance.model import markdown, permission
from appliance.model.channel import Channel
from appliance.model.group_setting import Value
from appliance.model.privacy import MAKING, PUBLIC, Privacy
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """A channel to subscribe to; one that does not exist is made with this description."""

    name: str
    description: str = ""
    rendered_description: str = ""
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What channels are that do not exist yet. `permissions`: by their names in model/group.py;
    `message_retention_days`: as of Channel; `announce`: where the organization wants to hear of it."""

    privacy: Privacy = PUBLIC
    permissions: dict[str, Value] = field(default_factory=dict)
    message_retention_days: int | None = None
    is_default: bool = False
    announce: bool = False


PLAIN = Terms()  # of which nothing was said


def describe(store: Store, user: User, name: str, description: str, color: str | None) -> Wanted:
    """A request for a channel, checked, its description rendered. Raises ApiError."""
    name = channel_model.check_name(name)
    description, rendered = render(store, user, description)
    return Wanted(name, description, rendered, color)


def render(store: Store, user: User, description: str) -> tuple[str, str]:
    """A description, checked, and its HTML. Raises ApiError."""
    description = channel_model.check_description(description)
    with store.read() as reader:
        html = markdown.render(description, FileDirectory(reader, user)).html if description else ""
    return description, html


def create(
    transaction: Transaction, user: User, wanted: Wanted, terms: Terms, subscriber_ids: set[int]
) -> Channel:
    """A channel in which nobody is yet. Those who will be in it are told when they are. Raises ApiError."""
    check_makes(transaction, user, terms)
    if channels.holder_of(transaction, wanted.name):
        raise ApiError(f"The name '{wanted.name}' belongs to a channel that is archived.")
    channel = channels.add(
        transaction,
        name=wanted.name,
        description=wanted.description,
        rendered_description=wanted.rendered_description,
        privacy=terms.privacy,
        creator_id=user.id,
        permissions=terms.permissions,
        message_retention_days=terms.message_retention_days,
    )
    channel_sight.tell_created(transaction, channel, set(seers(transaction, channel)) - subscriber_ids)
    return default_channel.put(transaction, channel, terms.is_default)


def check_makes(transaction: Transaction, user: User, terms: Terms) -> None:
    """Raises ApiError where they may not make such a channel, whatever its name."""
    group_access.check_may(transaction, user, MAKING[terms.privacy])
    group_access.check_values(transaction, terms.permissions.values())
    if terms.message_retention_days is not None:
        permission.check_owner(user)
    if terms.is_default:
        permission.check_admin(user)
    default_channel.check(terms.privacy, terms.is_default)
