"""Who comes into groups, and goes: people, and groups inside groups."""

from dataclasses import dataclass, field

from appliance.actions.channel import sight as channel_sight
from appliance.actions.group.access import access, check_in_use, check_people, permitted, tell
from appliance.base.errors import ApiError
from appliance.model.user import User
from appliance.model.user_group import UserGroup
from appliance.store import user_group as groups
from appliance.store.store import Store
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Moves:
    """Ids of those who come into a group and go out of it."""

    add: list[int] = field(default_factory=list)
    delete: list[int] = field(default_factory=list)
    add_subgroups: list[int] = field(default_factory=list)
    delete_subgroups: list[int] = field(default_factory=list)


def change(store: Store, user: User, group_id: int, moves: Moves) -> None:
    """Raises ApiError with Zulip's texts, and then nothing is changed."""
    deeds = _deeds(user, moves)
    if not deeds:
        raise ApiError('Nothing to do. Specify at least one of "add" or "delete".')

    def write(transaction: Transaction) -> None:
        group = permitted(transaction, user, group_id, deeds)
        check_in_use(group)
        with channel_sight.kept_up(transaction):
            _remove_members(transaction, group, moves.delete)
            _add_members(transaction, group, moves.add)
            _remove_subgroups(transaction, group, moves.delete_subgroups)
            _add_subgroups(transaction, group, moves.add_subgroups)

    store.write(write)


def _deeds(user: User, moves: Moves) -> set[str]:
    """What one must be allowed to do: more may come and go themselves than may move others."""
    needed = (
        ("join" if set(moves.add) == {user.id} else "add", moves.add),
        ("leave" if set(moves.delete) == {user.id} else "remove", moves.delete),
        ("add", moves.add_subgroups),
        ("remove", moves.delete_subgroups),
    )
    return {deed for deed, ids in needed if ids}


def _add_members(transaction: Transaction, group: UserGroup, user_ids: list[int]) -> None:
    check_people(transaction, user_ids)
    for each in user_ids:
        if each in group.members:
            raise ApiError(f"User {each} is already a member of this group")
    groups.add_members(transaction, group.id, user_ids)
    _tell(transaction, "add_members", group, "user_ids", user_ids)


def put_in(transaction: Transaction, group: UserGroup, user: User) -> None:
    """Somebody who has just come, and whoever invited them might."""
    groups.add_members(transaction, group.id, [user.id])
    _tell(transaction, "add_members", group, "user_ids", [user.id])


def _remove_members(transaction: Transaction, group: UserGroup, user_ids: list[int]) -> None:
    for each in user_ids:
        if each not in group.members:
            raise ApiError(f"There is no member '{each}' in this user group")
    groups.remove_members(transaction, group.id, user_ids)
    _tell(transaction, "remove_members", group, "user_ids", user_ids)


def _add_subgroups(transaction: Transaction, group: UserGroup, group_ids: list[int]) -> None:
    for each in group_ids:
        check_in_use(access(transaction, each))
        if each in group.subgroup_ids:
            raise ApiError(f"User group {each} is already a subgroup of this group.")
        if group.id in {each, *groups.subgroups(transaction, each)}:
            raise ApiError(f"User group {group.id} is already a subgroup of one of the passed subgroups.")
    groups.add_subgroups(transaction, group.id, group_ids)
    _tell(transaction, "add_subgroups", group, "direct_subgroup_ids", group_ids)


def _remove_subgroups(transaction: Transaction, group: UserGroup, group_ids: list[int]) -> None:
    for each in group_ids:
        if each not in group.subgroup_ids:
            raise ApiError(f"User group {each} is not a subgroup of this group.")
    groups.remove_subgroups(transaction, group.id, group_ids)
    _tell(transaction, "remove_subgroups", group, "direct_subgroup_ids", group_ids)


def _tell(transaction: Transaction, op: str, group: UserGroup, key: str, moved: list[int]) -> None:
    if moved:
        tell(transaction, op, group_id=group.id, **{key: sorted(set(moved))})


def tell_of_departure(transaction: Transaction, user: User) -> None:
    """Who is deactivated is listed in no group any more."""
    for group_id, deactivated in groups.with_member(transaction, user.id):
        gone = {"deactivated": True} if deactivated else {}
        tell(transaction, "remove_members", group_id=group_id, user_ids=[user.id], **gone)


def tell_of_return(transaction: Transaction, user: User) -> None:
    """Who is active again is where they were."""
    for group_id, deactivated in groups.with_member(transaction, user.id):
        gone = {"deactivated": True} if deactivated else {}
        tell(transaction, "add_members", group_id=group_id, user_ids=[user.id], **gone)
