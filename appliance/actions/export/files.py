"""Uploaded files, and the pictures of people, emoji and the organization, with the tables that name them."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from appliance.actions.export.archive import Building
from appliance.actions.export.source import REALM, Source
from appliance.model.export import Kind
from appliance.model.public_picture import medium
from appliance.model.realm_picture import PLACES, key
from appliance.store import export as everything
from appliance.store.uploads import Uploads

Row = dict[str, Any]
MILLISECONDS = 1000
FOLDERS = ("avatars", "emoji", "realm_icons", "uploads")


class Files:
    def __init__(self, source: Source, uploads: Uploads) -> None:
        self._source, self._uploads = source, uploads

    # -- tables

    def attachments(self) -> Iterator[Row]:
        for row in self._attachments:
            yield {
                "id": row["id"],
                "realm": REALM,
                "file_name": row["name"],
                "path_id": row["path_id"],
                "owner": row["owner_id"],
                "is_realm_public": False,
                "is_web_public": False,
                "create_time": row["created"] / MILLISECONDS,
                "size": row["size"],
                "content_type": row["content_type"],
                "messages": self._linking.get(row["id"], []),
                "scheduled_messages": [],
            }

    def images(self) -> Iterator[Row]:
        """zerver_imageattachment."""
        for row in self._attachments:
            if row["width"] is not None:
                yield {
                    "realm": REALM,
                    "path_id": row["path_id"],
                    "original_width_px": row["width"],
                    "original_height_px": row["height"],
                    "frames": 2 if row["moves"] else 1,
                    "thumbnail_metadata": [],
                    "content_type": row["content_type"],
                }

    def emoji(self) -> Iterator[Row]:
        for row in self._emoji:
            yield {
                "id": row["id"],
                "realm": REALM,
                "author": row["author_id"] or None,
                "name": row["name"],
                "file_name": PurePosixPath(row["file"]).name,
                "is_animated": row["still_file"] is not None,
                "deactivated": bool(row["deactivated"]),
            }

    @cached_property
    def _attachments(self) -> list[Row]:
        """Those in messages that are exported, and whoever has consented's own."""
        columns = "id, path_id, owner_id, name, content_type, size, created, width, height, moves"
        rows = everything.table(self._source.reader, "attachment", columns, "id")
        wanted = self._source.consenting if self._source.kind != Kind.PUBLIC else frozenset()
        return [row for row in rows if row["id"] in self._linking or row["owner_id"] in wanted]

    @cached_property
    def _linking(self) -> dict[int, list[int]]:
        return everything.attachment_messages(self._source.reader, self._source.selection)

    @cached_property
    def _emoji(self) -> list[Row]:
        columns = "id, name, file, still_file, author_id, deactivated"
        return list(everything.table(self._source.reader, "realm_emoji", columns, "id"))

    # -- the files themselves, and what is said of them in records.json

    def copy(self, building: Building, folder: str) -> list[Row]:
        """Those of one of FOLDERS; their records. One that has gone since is left out."""
        records = []
        for path, place, more in self._listed(folder):
            size = building.copy(f"{folder}/{path}", place)
            if size is not None:
                records.append({"path": path, "s3_path": path, "realm_id": REALM, "size": size, **more})
        return records

    def _listed(self, folder: str) -> Iterator[tuple[str, Path, Row]]:
        """(its path below the folder, where it is, what else its record says)."""
        return {
            "avatars": self._avatars,
            "emoji": self._emoji_pictures,
            "realm_icons": self._realm_pictures,
            "uploads": self._files,
        }[folder]()

    def _files(self) -> Iterator[tuple[str, Path, Row]]:
        for row in self._attachments:
            more = {"user_profile_id": row["owner_id"], "content_type": row["content_type"]}
            yield row["path_id"], self._uploads.file(row["path_id"]), more

    def _avatars(self) -> Iterator[tuple[str, Path, Row]]:
        for user in self._source.people:
            if user.avatar_file:
                stem = f"{REALM}/{user.id}"
                more = {"user_profile_id": user.id, "avatar_version": user.avatar_version}
                yield f"{stem}.png", self._uploads.avatar(user.avatar_file), more
                yield f"{stem}.original", self._uploads.avatar(medium(user.avatar_file)), more

    def _emoji_pictures(self) -> Iterator[tuple[str, Path, Row]]:
        for row in self._emoji:
            more = {
                "file_name": PurePosixPath(row["file"]).name,
                "name": row["name"],
                "author": row["author_id"] or None,
                "deactivated": bool(row["deactivated"]),
            }
            yield row["file"], self._uploads.avatar(row["file"]), more

    def _realm_pictures(self) -> Iterator[tuple[str, Path, Row]]:
        settings = self._source.realm.settings
        for place in PLACES:
            if key(place) in settings:
                yield f"{REALM}/{place.name}.original", self._uploads.avatar(settings[key(place)]), {}
