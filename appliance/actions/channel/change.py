"""Changing what a channel is: each change with what is told of it, and what the server's bot says there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from appliance.actions.channel import access as channel_actions
from appliance.actions.channel import archive as channel_archive
from appliance.actions.channel import creation as channel_creation
from appliance.actions.channel import default as default_channel
from appliance.actions.channel import notice as channel_notice
from appliance.actions.channel import sight as channel_sight
from appliance.actions.channel import standing
from appliance.actions.channel.standing import seers
from appliance.actions.group import access as group_access
from appliance.base.errors import ApiError, NotAllowed
from appliance.model import channel as channel_model
from appliance.model import group_setting, permission, privacy
from appliance.model.channel import Channel
from appliance.model.group import CHANNEL_PERMISSIONS
from appliance.model.group_setting import Value
from appliance.model.permission import GIVING_CONTENT
from appliance.model.privacy import MAKING
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to change; None: nothing of that. `retention`: days, or a word for them; a
    permission changes by {"new": value, "old": value}, of which the old one may be missing."""

    name: str | None = None
    description: str | None = None
    invite_only: bool | None = None
    history_public: bool | None = None
    web_public: bool | None = None
    is_default: bool | None = None
    is_archived: bool | None = None
    retention: Any = None
    permissions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A wish, whose values were looked at. `rendered`: the HTML of the description."""

    wish: Wish
    name: str | None
    description: str | None
    rendered: str
    permissions: dict[str, tuple[Value, Value | None]]


def change(store: Store, user: User, channel_id: int, wish: Wish) -> None:
    """Raises ApiError with Zulip's texts, and then nothing is changed."""
    asked = _checked(store, user, wish)

    def write(transaction: Transaction) -> None:
        channel = channel_actions.access(transaction, user, channel_id, archived=True)
        permission.check_administers(user, standing.of(transaction, user, channel))
        _archived_or_not(transaction, user, channel, wish)
        for step in _STEPS:
            step(transaction, user, _now(transaction, channel_id), asked)

    store.write(write)


def _now(handle: Handle, channel_id: int) -> Channel:
    found = channels.with_id(handle, channel_id)
    assert found is not None
    return found


def _checked(store: Store, user: User, wish: Wish) -> _Checked:
    name = None if wish.name is None else channel_model.check_name(wish.name)
    description, rendered = channel_creation.render(store, user, wish.description or "")
    permissions = {
        each: group_setting.parse_change(each, value, CHANNEL_PERMISSIONS[each])
        for each, value in wish.permissions.items()
    }
    return _Checked(wish, name, None if wish.description is None else description, rendered, permissions)


def _archived_or_not(transaction: Transaction, user: User, channel: Channel, wish: Wish) -> None:
    """What is archived can be brought back, and nothing else."""
    if channel.is_archived and wish.is_archived is not False:
        raise ApiError("This channel is archived.")
    if wish.is_archived:
        raise ApiError("A channel is archived by DELETE.")
    if channel.is_archived:
        channel_archive.bring_back(transaction, user, channel)


def _rename(transaction: Transaction, user: User, channel: Channel, asked: _Checked) -> None:
    if asked.name is None:
        return
    if asked.name == channel.name:
        raise ApiError("Channel already has that name.")
    holder = channels.holder_of(transaction, asked.name)
    if holder is not None and holder.id != channel.id:
        raise ApiError("Channel already exists.")
    changed = replace(channel, name=asked.name)
    channels.change(transaction, changed)
    channel_actions.tell_updated(transaction, channel, "name", changed.name)
    channel_notice.renamed(transaction, user, changed, channel.name)


def _describe(transaction: Transaction, user: User, channel: Channel, asked: _Checked) -> None:
    if asked.description is None or asked.description == channel.description:
        return
    changed = replace(channel, description=asked.description, rendered_description=asked.rendered)
    channels.change(transaction, changed)
    html = asked.rendered
    channel_actions.tell_updated(
        transaction, channel, "description", asked.description, rendered_description=html
    )
    channel_notice.described(transaction, user, changed, channel.description)


def _reclassify(transaction: Transaction, user: User, channel: Channel, asked: _Checked) -> None:
    wish = asked.wish
    wanted = privacy.chosen(
        channel.privacy,
        invite_only=wish.invite_only,
        history_public=wish.history_public,
        web_public=wish.web_public,
    )
    default_channel.check(wanted, channel.is_default if wish.is_default is None else wish.is_default)
    if wanted == channel.privacy:
        return
    _check_content(transaction, user, channel)
    group_access.check_may(transaction, user, MAKING[wanted])
    changed = replace(channel, **wanted._asdict())
    shown = wanted._asdict()
    _become(transaction, channel, changed, [("invite_only", shown.pop("invite_only"), shown)])
    channel_notice.reclassified(transaction, user, changed, channel)


def _check_content(transaction: Transaction, user: User, channel: Channel) -> None:
    """Who may know of a private channel, but not come in, may not let anybody in either."""
    if not permission.joins_channel(user, channel, standing.of(transaction, user, channel)):
        raise NotAllowed("Channel content access is required.")


def _permit(transaction: Transaction, user: User, channel: Channel, asked: _Checked) -> None:
    for name, (_, old) in asked.permissions.items():
        group_setting.check_old(old, channel.permission(name))
    fresh = {name: new for name, (new, _) in asked.permissions.items() if new != channel.permission(name)}
    if not fresh:
        return
    group_access.check_values(transaction, fresh.values())
    if not fresh.keys().isdisjoint(GIVING_CONTENT):
        _check_content(transaction, user, channel)
    changed = replace(channel, permissions={**channel.permissions, **fresh})
    before, after = channel_model.posting(channel), channel_model.posting(changed)
    older = {name: value for name, value in after.items() if value != before[name]}
    _become(transaction, channel, changed, [(name, value, {}) for name, value in (fresh | older).items()])
    if "can_send_message_group" in fresh:
        channel_notice.posting_changed(transaction, user, changed, channel)


Update = tuple[str, Any, dict[str, Any]]  # property, value, what the event has besides


def _become(transaction: Transaction, old: Channel, new: Channel, updates: list[Update]) -> None:
    """Something by which the channel may come into people's sight, or go out of it."""
    before = set(seers(transaction, old))
    channels.change(transaction, new)
    after = set(seers(transaction, new))
    channel_sight.tell_gone(transaction, old, before - after)
    channel_sight.tell_come(transaction, new, after - before)
    for name, value, beside in updates:
        channel_actions.tell_updated(transaction, new, name, value, sorted(before & after), **beside)


def _retain(transaction: Transaction, user: User, channel: Channel, asked: _Checked) -> None:
    if asked.wish.retention is None:
        return
    permission.check_owner(user)
    days = channel_model.check_retention(asked.wish.retention)
    if days == channel.message_retention_days:
        return
    changed = replace(channel, message_retention_days=days)
    channels.change(transaction, changed)
    channel_actions.tell_updated(transaction, channel, "message_retention_days", days)
    channel_notice.retention_changed(transaction, user, changed, channel)


def _default(transaction: Transaction, user: User, channel: Channel, asked: _Checked) -> None:
    if asked.wish.is_default is None:
        return
    permission.check_admin(user)
    default_channel.put(transaction, channel, asked.wish.is_default)


_STEPS: tuple[Callable[[Transaction, User, Channel, _Checked], None], ...] = (
    _rename,
    _describe,
    _reclassify,
    _permit,
    _retain,
    _default,
)
