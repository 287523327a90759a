"""The organization's own emoji: making them, and taking them out of use."""

from functools import partial
from typing import Any

from appliance.actions.file.public_picture import made, moves
from appliance.actions.group.access import check_may
from appliance.base.errors import ApiError, NotAllowed
from appliance.model import emoji, picture, public_picture
from appliance.model import realm_emoji as model
from appliance.model.user import User
from appliance.store import realm_emoji as emojis
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from appliance.store.uploads import Received, Uploads

SIDE = 64  # pixels
FOLDER, STILL_FOLDER = "emoji/images/", "emoji/images/still/"


def everything(handle: Handle) -> dict[str, Any]:
    """By id, also those that are out of use, as clients see them."""
    return {str(each.id): each.public() for each in emojis.everything(handle)}


def check_adds(store: Store, user: User, name: str) -> str:
    """The name as it is kept. Before the file is looked at; `add` checks again. Raises ApiError."""
    name = model.check_name(name)
    with store.read() as reader:
        _check_adds(reader, user, name)
    return name


def add(store: Store, user: User, name: str, received: Received) -> None:
    """`name`: as `check_adds` has found it. Raises ApiError, StorageError."""
    file, still_file = pictures(store.uploads, received)

    def write(transaction: Transaction) -> None:
        _check_adds(transaction, user, name)
        emojis.add(transaction, name, file, still_file, user.id)
        _tell(transaction)

    try:
        store.write(write)
    except ApiError:
        store.uploads.drop_avatars([each for each in (file, still_file) if each])
        raise


def deactivate(store: Store, user: User, name: str) -> None:
    """Messages and reactions keep it. Raises ApiError."""

    def write(transaction: Transaction) -> None:
        found = emojis.named(transaction, name)
        if found is None:
            raise NoSuchEmoji(name)
        if not user.is_admin and found.author_id != user.id:
            raise NotAllowed("Only administrators and whoever made it take an emoji out of use.")
        emojis.deactivate(transaction, found.id)
        _tell(transaction)

    store.write(write)


def _check_adds(handle: Handle, user: User, name: str) -> None:
    check_may(handle, user, "can_add_custom_emoji_group")
    if emojis.named(handle, name) is not None:
        raise ApiError("There is an emoji of this name already.")
    if emoji.code_of(name) is not None and not user.is_admin:
        raise ApiError("Everybody has an emoji of this name; only administrators replace it.")
    if emojis.count(handle) >= model.MOST:
        raise ApiError(f"An organization can have {model.MOST} custom emoji at most.")


def pictures(uploads: Uploads, received: Received) -> tuple[str, str | None]:
    """The paths of its files; the second is there for one that moves."""
    still = made(received, partial(picture.framed, side=SIDE))
    if not moves(received):
        return _kept(uploads, FOLDER, still.content, still.ending), None
    moving = made(received, partial(picture.framed, side=SIDE, moving=True), "gif")
    return (
        _kept(uploads, FOLDER, moving.content, moving.ending),
        _kept(uploads, STILL_FOLDER, still.content, still.ending),
    )


def _kept(uploads: Uploads, folder: str, content: bytes, ending: str) -> str:
    path = public_picture.new_path(folder, ending)
    uploads.put_avatar(path, content)
    return path


def _tell(transaction: Transaction) -> None:
    event = {"type": "realm_emoji", "op": "update", "realm_emoji": everything(transaction)}
    transaction.notice(event, users.active_ids(transaction))


class NoSuchEmoji(ApiError):
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"Emoji '{name}' does not exist")
