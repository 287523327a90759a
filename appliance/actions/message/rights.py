"""Who may change messages that are there, and for how long. Each check raises ApiError with Zulip's texts."""

from collections.abc import Iterable

from appliance.actions.group import access as group_access
from appliance.base.errors import ApiError
from appliance.model.edit import BUFFER, is_resolution
from appliance.model.message import Message
from appliance.model.user import Role, User
from appliance.store import realm as realms
from appliance.store import user as users
from appliance.store.connection import Handle

_NOT_EDIT = "You don't have permission to edit this message"
_NOT_MOVE = "You don't have permission to move this message"
_NOT_DELETE = "You don't have permission to delete this message"
WITHIN, BETWEEN = (
    "move_messages_within_stream_limit_seconds",
    "move_messages_between_streams_limit_seconds",
)


class MoveLimitExceeded(ApiError):
    """Of a topic that is to be moved as a whole, only the newest messages may be."""

    code = "MOVE_MESSAGES_TIME_LIMIT_EXCEEDED"

    def __init__(self, allowed: list[int], total: int) -> None:
        """`allowed`: ids of those that may be moved, ascending."""
        share = f"{len(allowed)}/{total}"
        super().__init__(
            f"You only have permission to move the {share} most recent messages in this topic.",
            first_message_id_allowed_to_move=allowed[0] if allowed else None,
            total_messages_in_topic=total,
            total_messages_allowed_to_move=len(allowed),
        )


def check_edits(handle: Handle, user: User, message: Message, now: float) -> None:
    if message.submessages:
        raise ApiError("Widgets cannot be edited.")
    if not _setting(handle, "allow_message_editing"):
        raise ApiError("Your organization has turned off message editing")
    if message.sender.id != user.id:
        raise ApiError(_NOT_EDIT)
    if _is_late(handle, "message_content_edit_limit_seconds", message.time, now - BUFFER):
        raise ApiError("The time limit for editing this message has passed")


def check_names_topic(handle: Handle, user: User, message: Message, topic: str, now: float) -> None:
    """Another topic in the same channel. One that has none may be given one by everybody."""
    if is_resolution(message.topic, topic):
        if not group_access.may(handle, user, "can_resolve_topics_group"):
            raise ApiError("You don't have permission to resolve topics.")
        return
    if not topic and _setting(handle, "mandatory_topics"):
        raise ApiError("Topics are required in this organization.")
    if not message.topic:
        return
    if not group_access.may(handle, user, "can_move_messages_between_topics_group"):
        raise ApiError(_NOT_EDIT)
    if not _is_moderator(user) and _is_late(handle, WITHIN, message.time, now - BUFFER):
        raise ApiError("The time limit for editing this message's topic has passed.")


def check_leaves_channel(handle: Handle, user: User, message: Message, now: float) -> None:
    if not group_access.may(handle, user, "can_move_messages_between_channels_group"):
        raise ApiError(_NOT_MOVE)
    if not _is_moderator(user) and _is_late(handle, BETWEEN, message.time, now - BUFFER):
        raise ApiError("The time limit for editing this message's channel has passed")


def check_moves_all(
    handle: Handle, user: User, sent: list[tuple[int, int]], limits: Iterable[str], now: float
) -> None:
    """`sent`: (id, when) of all messages in the topic, ascending; `limits`: the settings that hold."""
    if _is_moderator(user):
        return
    names = list(limits)
    allowed = [
        message_id
        for message_id, time in sent
        if not any(_is_late(handle, name, time, now - BUFFER) for name in names)
    ]
    if len(allowed) < len(sent):
        raise MoveLimitExceeded(allowed, len(sent))


def check_deletes(handle: Handle, user: User, message: Message, now: float) -> None:
    """One's own, or one of a bot of one's own, for some time; any, for whom the organization trusts."""
    if group_access.may(handle, user, "can_delete_any_message_group"):
        return
    own = message.sender.id == user.id or _owner(handle, message.sender.id) == user.id
    if not own or not group_access.may(handle, user, "can_delete_own_message_group"):
        raise ApiError(_NOT_DELETE)
    if _is_late(handle, "message_content_delete_limit_seconds", message.time, now):
        raise ApiError("The time limit for deleting this message has passed")


def _owner(handle: Handle, sender_id: int) -> int | None:
    sender = users.with_id(handle, sender_id)
    return None if sender is None else sender.bot_owner_id


def _is_moderator(user: User) -> bool:
    return user.role <= Role.MODERATOR


def _setting(handle: Handle, name: str) -> object:
    return realms.get(handle).setting(name)


def _is_late(handle: Handle, name: str, time: int, now: float) -> bool:
    limit: int | None = realms.get(handle).setting(name)
    return limit is not None and now - time > limit
