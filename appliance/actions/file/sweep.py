"""Taking away files that nobody uses: those that no message came to link to, and what a crash has left.
On the ticker's thread; nothing is written if there is nothing."""

from appliance.actions.file.attachment import tell
from appliance.base.clock import Clock
from appliance.model import realm_picture
from appliance.model.attachment import UNUSED_LIFETIME, Attachment
from appliance.model.public_picture import medium
from appliance.store import attachment as attachments
from appliance.store import realm as realms
from appliance.store import realm_emoji as emojis
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

AT_ONCE = 100


def sweep(store: Store, clock: Clock) -> None:
    before = int((clock.now() - UNUSED_LIFETIME) * 1000)
    while gone := _drop_unused(store, before):
        for each in gone:
            store.uploads.drop_file(each.path_id)
    _drop_orphans(store)


def _drop_unused(store: Store, before: int) -> list[Attachment]:
    with store.read() as reader:
        if not attachments.unused(reader, before, 1):
            return []

    def write(transaction: Transaction) -> list[Attachment]:
        found = attachments.unused(transaction, before, AT_ONCE)
        attachments.drop(transaction, [each.id for each in found])
        for each in found:
            tell(transaction, "remove", each)
        return found

    return store.write(write)


def _drop_orphans(store: Store) -> None:
    uploads = store.uploads
    uploads.drop_abandoned()
    with store.read() as reader:
        for path_id in uploads.orphans("files", lambda paths: attachments.known_paths(reader, paths)):
            uploads.drop_file(path_id)
        for path_id in uploads.orphaned_thumbnails():
            uploads.drop_file(path_id)
        used = _used_pictures(reader)
        uploads.drop_avatars(uploads.orphans("avatars", used.intersection))


def _used_pictures(handle: Handle) -> set[str]:
    """Paths of pictures that everybody may see."""
    settings = realms.get(handle).settings
    faces = users.avatar_files(handle)
    return {
        *faces,
        *map(medium, faces),
        *emojis.files(handle),
        *(settings.get(realm_picture.key(each), "") for each in realm_picture.PLACES),
    }
