"""Uploading, for tests of actions."""

import secrets

from appliance.actions.file import upload
from appliance.model.attachment import Attachment
from appliance.model.user import User
from appliance.store.store import Store
from appliance.store.uploads import Received


def received(store: Store, content: bytes, name: str = "a.txt", content_type: str | None = None) -> Received:
    """A file that has come."""
    folder = store.folder / "coming"
    folder.mkdir(exist_ok=True)
    path = folder / secrets.token_hex(8)
    path.write_bytes(content)
    return Received(path, len(content), name, content_type)


def uploaded(
    store: Store, user: User, content: bytes = b"hello", name: str = "a.txt", content_type: str | None = None
) -> Attachment:
    return upload.add(store, user, received(store, content, name, content_type), None)
