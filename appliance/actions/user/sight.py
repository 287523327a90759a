"""Who may know of whom. Where the organization restricts its guests, they know bots, and those with whom they
share a channel or a conversation; everybody else is nobody to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from appliance.actions.group import access as group_access
from appliance.model import sight
from appliance.model.group import ID
from appliance.model.user import Profile, Role, User, public
from appliance.store import acquaintance, profile_value
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Sight:
    """What `viewer` may know of people. `known`: ids; None: of everybody."""

    viewer: User
    known: frozenset[int] | None

    def knows(self, person: User) -> bool:
        return self.known is None or person.is_bot or person.id in self.known

    def shown(self, person: User, profile: Profile | None = None) -> dict[str, Any]:
        """The user object; a placeholder for whom the viewer does not know."""
        return sight.shown(self.viewer, person, profile) if self.knows(person) else sight.unknown(person.id)


def of(handle: Handle, viewer: User) -> Sight:
    return Sight(viewer, known_to(handle, viewer) if viewer.is_guest and is_restricted(handle) else None)


def known_to(handle: Handle, guest: User) -> frozenset[int]:
    return frozenset({guest.id, *acquaintance.of(handle, guest.id)})


def is_restricted(handle: Handle) -> bool:
    everyone = ID["role:everyone"]
    return group_access.realm_permission(handle, "can_access_all_users_group") != everyone


def guests(handle: Handle) -> list[User]:
    """The active ones who do not know everybody."""
    return users.active_with_role(handle, Role.GUEST) if is_restricted(handle) else []


def audience(handle: Handle, person: User) -> list[int]:
    """Ids of the active people who may know of the person."""
    active = users.active_ids(handle)
    hidden = set(strangers(handle, person, active))
    return [each for each in active if each not in hidden]


def strangers(handle: Handle, person: User, user_ids: Iterable[int]) -> list[int]:
    """Those of `user_ids` who may not know of the person."""
    restricted = [] if person.is_bot else guests(handle)
    if not restricted:
        return []
    known = known_to(handle, person)
    hidden = {each.id for each in restricted if each.id not in known}
    return [each for each in user_ids if each in hidden]


def hidden(handle: Handle, viewer: User, user_ids: Iterable[int]) -> frozenset[int]:
    """Those of `user_ids` of whom the viewer may not know."""
    known = of(handle, viewer)
    if known.known is None:
        return frozenset()
    asked = users.with_ids(handle, sorted(set(user_ids) - known.known))
    return frozenset(each.id for each in asked if not known.knows(each))


def tell(transaction: Transaction, person: User, change: dict[str, Any]) -> None:
    """Something about a person, to those who may know of them."""
    event = {"type": "realm_user", "op": "update", "person": {"user_id": person.id, **change}}
    transaction.notice(event, audience(transaction, person))


def tell_there_is(transaction: Transaction, person: User, user_ids: Iterable[int]) -> None:
    """To people who may know of the person, and did not."""
    profile = profile_value.of_person(transaction, person.id)
    viewers = users.with_ids(transaction, sorted(user_ids))
    for shows in (True, False):
        told = [each.id for each in viewers if sight.sees_address(each, person) is shows]
        if told:
            shown = public(person, profile, shows_address=shows)
            transaction.notice({"type": "realm_user", "op": "add", "person": shown}, told)


def tell_there_is_somebody(transaction: Transaction, person: User, user_ids: list[int]) -> None:
    """To those who may not know who: clients that list everybody need somebody to list."""
    if user_ids:
        event = {"type": "realm_user", "op": "add", "person": sight.unknown(person.id)}
        transaction.notice({**event, "inaccessible_user": True}, user_ids)
