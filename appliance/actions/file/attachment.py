"""Uploaded files: who may read them, which messages link to them, and how they go.

A file can be read by who uploaded it, and by whoever can read a message that links to it. Who cannot read it
is told that there is none.
"""

from collections.abc import Collection
from typing import Any

from appliance.actions.message import access as history
from appliance.base.errors import ApiError
from appliance.model.attachment import Attachment
from appliance.model.user import User
from appliance.store import attachment as attachments
from appliance.store import message as messages
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

AT_ONCE = 100  # messages that are looked at for one that can be read


def listing(store: Store, user: User) -> dict[str, Any]:
    """The answer of GET /attachments: one's own files, the newest first."""
    with store.read() as reader:
        own = attachments.of_user(reader, user.id)
        return {"attachments": _public(reader, own), "upload_space_used": attachments.space_used(reader)}


def find(store: Store, user: User, path_id: str) -> Attachment | None:
    """None: there is no such file, or the user may not read it."""
    with store.read() as reader:
        return found(reader, user, path_id)


def found(handle: Handle, user: User, path_id: str) -> Attachment | None:
    """As `find`."""
    there = attachments.with_path(handle, path_id)
    return there if there is not None and _reads(handle, user, there) else None


def existing(store: Store, path_id: str) -> Attachment | None:
    """For who need not be asked who they are."""
    with store.read() as reader:
        return attachments.with_path(reader, path_id)


def remove(store: Store, user: User, attachment_id: int) -> None:
    """One's own. Messages go on linking to where it was. Raises ApiError."""

    def write(transaction: Transaction) -> str:
        found = attachments.with_id(transaction, attachment_id)
        if found is None or found.owner_id != user.id:
            raise ApiError("Invalid attachment")
        attachments.drop(transaction, [found.id])
        tell(transaction, "remove", found)
        return found.path_id

    store.uploads.drop_file(store.write(write))


# -- messages that link to files


def claim(transaction: Transaction, user: User, message_id: int, upload_paths: Collection[str]) -> None:
    """A new message of the user links to these files. What they may not read themselves, they cannot let
    others read."""
    _link(transaction, user, message_id, upload_paths)


def reclaim(
    transaction: Transaction, user: User, message_id: int, upload_paths: Collection[str]
) -> list[dict[str, Any]]:
    """A message that the user has edited links to these files now, and to no others. What clients are to be
    told of the user's own files to which no message links any more."""
    gone = [
        each for each in attachments.of_message(transaction, message_id) if each.path_id not in upload_paths
    ]
    attachments.unlink(transaction, message_id, [each.id for each in gone])
    for each in gone:
        tell(transaction, "update", each)
    _link(transaction, user, message_id, upload_paths)
    left = _public(transaction, [each for each in gone if each.owner_id == user.id])
    return [each for each in left if not each["messages"]]


def _link(transaction: Transaction, user: User, message_id: int, upload_paths: Collection[str]) -> None:
    if not upload_paths:
        return
    there = {each.id for each in attachments.of_message(transaction, message_id)}
    new = [each for each in attachments.with_paths(transaction, upload_paths) if each.id not in there]
    readable = [each for each in new if _reads(transaction, user, each)]
    attachments.link(transaction, message_id, [each.id for each in readable])
    for each in readable:
        tell(transaction, "update", each)


def deleted(transaction: Transaction, message_ids: list[int]) -> None:
    """Messages have gone out of everybody's reach, and with them the files to which no others link."""
    for each in attachments.of_messages(transaction, message_ids):
        there = attachments.with_id(transaction, each.id) is not None
        tell(transaction, "update" if there else "remove", each)


def restored(transaction: Transaction, message_ids: list[int]) -> None:
    """Deleted messages are back, and with them their files."""
    for each in attachments.of_messages(transaction, message_ids):
        linking = {link["id"] for link in attachments.links(transaction, [each.id])[each.id]}
        tell(transaction, "add" if linking <= {*message_ids} else "update", each)


def _reads(handle: Handle, user: User, attachment: Attachment) -> bool:
    if attachment.owner_id == user.id:
        return True
    linking = [each["id"] for each in attachments.links(handle, [attachment.id])[attachment.id]]
    for start in range(0, len(linking), AT_ONCE):
        found = messages.with_ids(handle, user.id, linking[start : start + AT_ONCE])
        if history.readable(handle, user, found, archived=True):
            return True
    return False


# -- what the owner's clients are told


def _public(handle: Handle, found: list[Attachment]) -> list[dict[str, Any]]:
    linking = attachments.links(handle, [each.id for each in found])
    return [each.public(linking[each.id]) for each in found]


def tell(transaction: Transaction, op: str, attachment: Attachment) -> None:
    """`op`: add, update, remove."""
    shown = {"id": attachment.id} if op == "remove" else _public(transaction, [attachment])[0]
    event = {
        "type": "attachment",
        "op": op,
        "attachment": shown,
        "upload_space_used": attachments.space_used(transaction),
    }
    transaction.notice(event, [attachment.owner_id])
