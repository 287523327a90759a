"""Uploaded files, and the pictures of people, emoji and the organization.

Files of messages are kept as they are; pictures that everybody sees are made anew, as for any that comes from
somebody (actions/file/public_picture.py).
"""

import os
import shutil
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from appliance.actions.file import avatar
from appliance.actions.file.public_picture import NoPicture, made
from appliance.actions.file.upload import THUMBNAILS
from appliance.actions.import_zulip import scanner, unpacked
from appliance.actions.import_zulip.row import Row
from appliance.actions.import_zulip.target import Made, Target, Values
from appliance.actions.realm import emoji as realm_emoji
from appliance.actions.realm import picture as realm_picture
from appliance.base.errors import ApiError
from appliance.model import attachment as model
from appliance.model import picture, public_picture
from appliance.model import realm_emoji as emoji_model
from appliance.model.realm_picture import PLACES, Place, key
from appliance.store import imported
from appliance.store import realm as realms
from appliance.store.uploads import Received, Uploads

ORIGINAL = ".original"
MAX_CONTENT_TYPE = 200
MILLISECONDS = 1000


class Files:
    """`root`: the archive's folder; `uploads`: where they go. `moves_files`: the archive is ours to take
    apart."""

    def __init__(self, target: Target, root: Path, uploads: Uploads, *, moves_files: bool) -> None:
        self._target, self._root, self._uploads = target, root, uploads
        self._bring = os.replace if moves_files else shutil.copyfile
        self._kept: set[int] = set()  # ids of files of messages

    # -- files of messages

    def attachments(self) -> None:
        """Before the messages, whose links to a file with another address are changed."""
        self._target.copy("zerver_attachment", "attachment", self._attachment)

    def _attachment(self, row: Row) -> Made:
        path_id = row.text("path_id", most=500)
        found = unpacked.find(self._root, f"uploads/{path_id}")
        owner = self._target.maybe_person(row, "owner")
        if found is None or owner is None:
            self._target.notes.add("uploaded files that are not in the archive, or nobody's")
            return None
        name = model.clean_name(row.text("file_name", most=1000))
        kept = path_id if model.PATH_ID.fullmatch(path_id) else self._new_path(path_id, name)
        kind = model.content_type(row.text("content_type", "", MAX_CONTENT_TYPE), name)
        size = self._picture_size(row.id("id"), found, kind)
        place = self._uploads.file(kept)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._bring(found, place)
        self._kept.add(row.id("id"))
        return {
            "id": row.id("id"),
            "path_id": kept,
            "owner_id": owner,
            "name": name,
            "content_type": kind,
            "size": place.stat().st_size,
            "created": row.time("create_time") * MILLISECONDS,
            "width": size and size.width,
            "height": size and size.height,
            "moves": int(size is not None and size.moves),
        }

    def _new_path(self, path_id: str, name: str) -> str:
        """For an address that is none here."""
        new = model.new_path_id(name)
        self._target.paths[f"{model.ROUTE}/{path_id}"] = f"{model.ROUTE}/{new}"
        return new

    def _picture_size(self, attachment_id: int, path: Path, kind: str) -> picture.Size | None:
        if kind not in picture.KINDS:
            return None
        with path.open("rb") as file:
            size = picture.size_of(file)
        if size is not None:
            self._target.transaction.job(THUMBNAILS, {"id": attachment_id})
        return size

    def links(self) -> None:
        """Which messages link to which files. After the messages."""

        def links() -> Iterator[tuple[Row, Values]]:
            for row in self._target.tables.rows("zerver_attachment"):
                if row.id("id") in self._kept:
                    for message_id in sorted(set(row.ids("messages"))):
                        yield row, {"attachment_id": row.id("id"), "message_id": message_id}

        self._target.put("attachment_message", links())
        imported.drop_hanging(self._target.transaction, "attachment_message")

    # -- pictures

    def emoji(self) -> None:
        self._target.copy("zerver_realmemoji", "realm_emoji", self._emoji)

    def _emoji(self, row: Row) -> Made:
        path = self._emoji_path(row)
        try:
            if path is None:
                raise NoPicture
            file, still_file = realm_emoji.pictures(self._uploads, _received(path))
        except ApiError:
            self._target.notes.add("emoji whose picture is not in the archive, or none")
            return None
        old = PurePosixPath(self._emoji_record(row))
        return {
            "id": row.id("id"),
            "name": row.text("name", most=emoji_model.MAX_NAME),
            "file": self._at_old_address(file, str(old)),
            "still_file": still_file
            and self._at_old_address(still_file, f"{old.parent}/still/{old.stem}{Path(still_file).suffix}"),
            "author_id": self._target.maybe_person(row, "author") or 0,
            "deactivated": int(row.flag("deactivated", False)),
        }

    def _at_old_address(self, file: str, old: str) -> str:
        """Messages show it from there. One that cannot be there is shown from where it is."""
        if public_picture.PATH.fullmatch(old) and Path(old).suffix == Path(file).suffix:
            self._uploads.avatar(old).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._uploads.avatar(file).replace(self._uploads.avatar(old))
            return old
        self._target.paths[f"{public_picture.ROUTE}/{old}"] = f"{public_picture.ROUTE}/{file}"
        return file

    def _emoji_record(self, row: Row) -> str:
        """Below the archive's folder of emoji."""
        name = row.text("file_name", "", 200) or f"{row.text('name', most=emoji_model.MAX_NAME)}.png"
        return self._emoji_paths.get(name, f"{row.maybe_id('realm') or 1}/{realm_emoji.FOLDER}{name}")

    @cached_property
    def _emoji_paths(self) -> dict[str, str]:
        """By the name of the file."""
        rows = list(self._records("emoji"))
        return {row.text("file_name", "", 200): row.text("path", most=500) for row in rows}

    def _emoji_path(self, row: Row) -> Path | None:
        """What was uploaded, or what Zulip has made of it."""
        path = f"emoji/{self._emoji_record(row)}"
        return unpacked.find(self._root, path + ORIGINAL) or unpacked.find(self._root, path)

    def avatars(self) -> None:
        """Those that people have uploaded."""
        for user_id, path in self._avatar_paths().items():
            try:
                small, large = (
                    made(_received(path), partial(picture.square, side=side))
                    for side in (avatar.SIDE, avatar.MEDIUM_SIDE)
                )
            except ApiError:
                self._target.notes.add("pictures of people that are none")
                continue
            file = public_picture.new_path("", small.ending)
            self._uploads.put_avatar(file, small.content)
            self._uploads.put_avatar(public_picture.medium(file), large.content)
            imported.set_column(self._target.transaction, "user", "avatar_file", file, user_id)

    def _avatar_paths(self) -> dict[int, Path]:
        """By person the best there is: what was uploaded, or what Zulip has made of it."""
        found: dict[int, Path] = {}
        uploaders = {
            row.id("id")
            for table in ("zerver_userprofile", "zerver_userprofile_mirrordummy")
            for row in self._target.tables.rows(table)
            if row.text("avatar_source", "", 1) == "U"
        }
        for row in self._records("avatars"):
            user_id, path = row.id("user_profile_id"), self._file(row, "avatars")
            if path is not None and user_id in uploaders:
                found[user_id] = min(found.get(user_id, path), path, key=_is_made)
        return found

    def realm_pictures(self) -> None:
        """The icon and the logos, by what their files are called."""
        paths = [path for row in self._records("realm_icons") if (path := self._file(row, "realm_icons"))]
        kept = {}
        for place in PLACES:
            own = sorted((each for each in paths if each.stem == place.name), key=_is_made)
            if own and (file := self._realm_picture(place, own[0])):
                kept[key(place)] = file
        settings = realms.get(self._target.transaction).settings
        realms.set_settings(self._target.transaction, settings | kept)

    def _realm_picture(self, place: Place, path: Path) -> str | None:
        try:
            small = made(_received(path), realm_picture.make(place))
        except ApiError:
            self._target.notes.add("icons and logos that are no pictures")
            return None
        file = public_picture.new_path("realm/", small.ending)
        self._uploads.put_avatar(file, small.content)
        return file

    # -- the archive's lists of files

    def _records(self, folder: str) -> Iterator[Row]:
        name = f"{folder}/records.json"
        path = unpacked.find(self._root, name)
        return iter(()) if path is None else scanner.records(path, name)

    def _file(self, row: Row, folder: str) -> Path | None:
        return unpacked.find(self._root, f"{folder}/{row.text('path', most=1000)}")


def _is_made(path: Path) -> bool:
    """By Zulip, of what was uploaded."""
    return path.suffix != ORIGINAL


def _received(path: Path) -> Received:
    return Received(path, path.stat().st_size, path.name, None)
