"""Who may write to whom: the organization's rules of direct messages, which bind people among themselves."""

from collections.abc import Iterable

from appliance.actions.group import access as group_access
from appliance.actions.group.access import membership
from appliance.base.errors import ApiError
from appliance.model.group import ID
from appliance.model.group_setting import Value
from appliance.model.user import User
from appliance.store import recipient as recipients
from appliance.store.connection import Handle

EVERYONE, NOBODY = ID["role:everyone"], ID["role:nobody"]


def check(handle: Handle, sender: User, people: list[User]) -> None:
    """`people`: all in the conversation. Raises ApiError where nobody of them may be in one, or where the
    sender would begin it and may not."""
    others = [each for each in people if each.id != sender.id and not each.is_bot]
    if sender.is_bot or not others:
        return
    allowed = group_access.realm_permission(handle, "direct_message_permission_group")
    if not _has_one_of(handle, allowed, people):
        raise ApiError(_refusal(allowed))
    initiators = group_access.realm_permission(handle, "direct_message_initiator_group")
    if not _has_one_of(handle, initiators, [sender]) and not _is_begun(handle, people):
        raise ApiError("You do not have permission to initiate direct message conversations.")


def _has_one_of(handle: Handle, value: Value, people: Iterable[User]) -> bool:
    return value == EVERYONE or any(membership(handle, each).is_in(value) for each in people)


def _refusal(allowed: Value) -> str:
    if allowed == NOBODY:
        return "Direct messages are disabled in this organization."
    return "This conversation does not include any users who can authorize it."


def _is_begun(handle: Handle, people: list[User]) -> bool:
    recipient_id = recipients.find(handle, sorted(each.id for each in people))
    return recipient_id is not None and recipients.has_messages(handle, recipient_id)
