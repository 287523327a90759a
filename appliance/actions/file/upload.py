"""Uploading a file. Nobody else sees it before a message links to it."""

from appliance.actions.file import attachment
from appliance.base.errors import ApiError
from appliance.model import attachment as model
from appliance.model import picture, thumbnail
from appliance.model.attachment import Attachment
from appliance.model.thumbnail import Format
from appliance.model.user import User
from appliance.store import attachment as attachments
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from appliance.store.uploads import Received, Uploads

THUMBNAILS = "thumbnail"  # the queue of what makes them


def add(store: Store, user: User, received: Received, quota_mib: int | None) -> Attachment:
    """`quota_mib`: what all files of the organization may take; None: any. Raises ApiError, StorageError."""
    name = model.clean_name(received.name)
    made = _described(received, user, name)
    with store.read() as reader:
        _check_quota(reader, received.size, quota_mib)
    place = store.uploads.file(made.path_id)
    store.uploads.keep(received.path, place)

    def write(transaction: Transaction) -> Attachment:
        _check_quota(transaction, received.size, quota_mib)
        added = attachments.add(transaction, made, int(transaction.now() * 1000))
        if thumbnail.of(added):
            transaction.job(THUMBNAILS, {"id": added.id})
        attachment.tell(transaction, "add", added)
        return added

    try:
        return store.write(write)
    except ApiError:
        store.uploads.drop_file(made.path_id)
        raise


def _described(received: Received, user: User, name: str) -> Attachment:
    """What is to be known of it, but for its id and time."""
    kind = model.content_type(received.content_type, name)
    size = None
    if kind in picture.KINDS:
        with received.path.open("rb") as file:
            size = picture.size_of(file)
    return Attachment(0, model.new_path_id(name), user.id, name, kind, received.size, 0, *(size or ()))


def make_thumbnails(store: Store, attachment_id: int) -> None:
    """Those that are missing; nothing if the file is gone. What turns out to be no good picture gets none."""
    with store.read() as reader:
        found = attachments.with_id(reader, attachment_id)
    if found is None:
        return
    try:
        for each in thumbnail.of(found):
            _make_thumbnail(store.uploads, found, each)
    except picture.Unreadable:
        store.write(lambda transaction: attachments.forget_size(transaction, attachment_id))
    except FileNotFoundError:
        return  # it has gone meanwhile


def _make_thumbnail(uploads: Uploads, file: Attachment, form: Format) -> None:
    if uploads.thumbnail(file.path_id, form.name).exists():
        return
    with uploads.file(file.path_id).open("rb") as content:
        small = picture.fitted(content, form.max_width, form.max_height, moving=form.animated)
    uploads.put_thumbnail(file.path_id, form.name, small)


def _check_quota(handle: Handle, size: int, quota_mib: int | None) -> None:
    if quota_mib is not None and attachments.space_used(handle) + size > quota_mib << 20:
        raise QuotaExceeded


class QuotaExceeded(ApiError):
    code = "REALM_UPLOAD_QUOTA"

    def __init__(self) -> None:
        super().__init__("There is no space left for this file in the organization.")
