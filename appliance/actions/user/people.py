"""Looking people up, as somebody may know of them."""

from collections.abc import Iterable
from typing import Any

from appliance.actions.user import sight
from appliance.base.errors import ApiError
from appliance.model.sight import sees_address
from appliance.model.user import User, hidden_id
from appliance.store import profile_value as profiles
from appliance.store import user as users
from appliance.store.connection import Handle

NO_SUCH_USER = "No such user"


def with_id(handle: Handle, viewer: User, user_id: int) -> User:
    """Raises ApiError, the same for whom the viewer may not know as for nobody."""
    return _known(handle, viewer, users.with_id(handle, user_id))


def with_email(handle: Handle, viewer: User, email: str, domain: str) -> User:
    """By the address that mails go to, if the viewer may know it; or by one that stands for a person's id, at
    the server's own `domain` too. Raises ApiError."""
    user_id = hidden_id(email, domain)
    user = users.with_email(handle, email) if user_id is None else users.with_id(handle, user_id)
    if user is not None and user_id is None and not sees_address(viewer, user):
        user = None
    return _known(handle, viewer, user)


def _known(handle: Handle, viewer: User, user: User | None) -> User:
    if user is None or not sight.of(handle, viewer).knows(user):
        raise ApiError(NO_SUCH_USER)
    return user


def shown(handle: Handle, viewer: User, user: User, *, profile: bool) -> dict[str, Any]:
    """The user object; `profile`: with what the person says in custom profile fields."""
    return _objects(handle, viewer, [user], profile=profile)[0]


def listed(
    handle: Handle, viewer: User, user_ids: list[int] | None, *, profiles: bool
) -> list[dict[str, Any]]:
    """Everybody, or those of `user_ids`; whom the viewer may not know is left out."""
    everybody = users.everyone(handle) if user_ids is None else users.with_ids(handle, user_ids)
    known = sight.of(handle, viewer)
    return _objects(handle, viewer, filter(known.knows, everybody), profile=profiles)


def _objects(handle: Handle, viewer: User, people: Iterable[User], *, profile: bool) -> list[dict[str, Any]]:
    known, chosen = sight.of(handle, viewer), list(people)
    said = profiles.of_people(handle, [each.id for each in chosen]) if profile else {}
    found = [known.shown(each, said.get(each.id)) for each in chosen]
    for each in () if profile else found:
        del each["profile_data"]
    return found
