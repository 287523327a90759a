"""Archives that somebody has made to do harm, or that are damaged: each is refused with a word that says
where, and nothing has happened."""

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.actions.import_zulip import scanner, unpacked
from appliance.actions.import_zulip.row import BadArchive
from appliance.base.errors import CommandError
from tests.actions.conftest import Team
from tests.actions.import_zulip import world
from tests.actions.import_zulip import zulip_archive as z
from tests.actions.import_zulip.zulip_archive import ZulipArchive
from tests.conftest import MovableClock

Change = Callable[[ZulipArchive], Any]


def refused(path: Path, data: Path) -> str:
    """Why; nothing is there afterwards."""
    with pytest.raises((BadArchive, CommandError)) as refusal:
        world.read(path, data, MovableClock())
    left = {each.name for each in data.iterdir()} if data.exists() else set()
    assert {each for each in left if not each.startswith("appliance.db")} == set()
    return str(refusal.value)


def _set(table: str, index: int, **values: Any) -> Change:
    return lambda archive: archive.realm[table][index].update(values)


def _say(index: int, **values: Any) -> Change:
    return lambda archive: archive.chunks[0]["zerver_message"][index].update(values)


def _receive(**values: Any) -> Change:
    return lambda archive: archive.chunks[0]["zerver_usermessage"][0].update(values)


def _again(table: str) -> Change:
    return lambda archive: archive.realm[table].append(archive.realm[table][0])


def _file(name: str, content: bytes) -> Change:
    return lambda archive: archive.files.update({name: content})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_set("zerver_userprofile", 1, id="7"), "zerver_userprofile, row 2: id is not an id"),
        (_set("zerver_userprofile", 1, id=2**60), "zerver_userprofile, row 2: id is not an id"),
        (_set("zerver_userprofile", 0, full_name=[]), "zerver_userprofile, row 1: full_name is not text"),
        (_set("zerver_userprofile", 0, full_name="a\nb"), "full_name is not a name"),
        (_set("zerver_userprofile", 0, full_name="\ud800"), "zerver_userprofile, row 1"),
        (_set("zerver_userprofile", 0, full_name="x" * 101), "101 characters, 100 is the most"),
        (_set("zerver_userprofile", 0, delivery_email="nobody"), "delivery_email is not an address"),
        (_set("zerver_userprofile", 0, role=7), "role is 7, which means nothing"),
        (_set("zerver_userprofile", 0, date_joined="now"), "date_joined is not a time in seconds"),
        (_set("zerver_userprofile", 0, date_joined=1e300), "date_joined is not a time in seconds"),
        (_set("zerver_userprofile", 1, delivery_email="ANN@example.com"),
         "zerver_userprofile, row 2: there is another with the same user.delivery_email"),
        (_again("zerver_stream"), "zerver_stream, row 4: there is another with the same channel.id"),
        (_set("zerver_stream", 1, name="general"),
         "zerver_stream, row 2: there is another with the same channel.name_key"),
        (_set("zerver_stream", 1, id=99), "the channel 99 has no recipient"),
        (_set("zerver_stream", 1, message_retention_days=0), "retention_days is not a number of days"),
        (_set("zerver_subscription", 0, user_profile=77), "user_profile is 77, and there is no such person"),
        (_set("zerver_subscription", 0, recipient=777), "recipient is 777, and there is no such recipient"),
        (_set("zerver_recipient", 0, type=4), "zerver_recipient, row 1: type is 4, which means nothing"),
        (_set("zerver_usertopic", 0, stream=5), "stream is 5, and there is no such channel"),
        (_set("zerver_realm", 0, name=None), "zerver_realm, row 1: name is missing"),
        (lambda archive: archive.realm.pop("zerver_realm"), "realm.json has no zerver_realm"),
        (_say(0, sender=77), "messages-000001.json: zerver_message, row 1: sender is 77"),
        (_say(0, recipient=777), "recipient is 777, and there is no such recipient"),
        (_say(0, content=5), "zerver_message, row 1: content is not text"),
        (_say(0, content="a\0b"), "content has characters that are none"),
        (_say(0, date_sent=None, pub_date=-1), "pub_date is not a time"),
        (_say(1, id=101), "zerver_message, row 2: there is another with the same message.id"),
        (_say(0, edit_history="[1]"), "edit_history is no list of objects"),
        (_say(0, edit_history='[{"timestamp":"x"}]'), "edit 1: timestamp is not a time"),
        (_receive(message=5), "zerver_usermessage, row 1: message is 5, which is not in this file"),
        (_receive(flags_mask=-1), "flags_mask is not a set of flags"),
        (_file("messages-000002.json", b'{"zerver_message": [{}, 7]}'), "row 1: id is missing"),
        (_file("messages-000002.json", b'{"zerver_message": [7]}'), "row 1 is not an object"),
        (_file("messages-000002.json", b'{"zerver_message": [{"a": '), "row 1 is no JSON"),
        (_file("messages-000002.json", b"[]"), "[ stands where { should"),
        (_file("messages-000002.json", b'{"zerver_message": {}}'), "{ stands where [ should"),
        (_file("messages-000002.json", b'{"zerver_message": [{"id": NaN}]}'), "row 1 is no JSON"),
        (_file("messages-000002.json", b'{"zerver_message": [{"id": "\xff"}]}'), "is not UTF-8"),
        (_file("messages-000002.json", b'{"zerver_message": [{"a":' + b"[" * 100_000), "nested too deeply"),
        (_file("messages-000002.json", b'{"zerver_message": [{"id": %s}]}' % (b"9" * 5000)), "no JSON"),
        (_file("attachment.json", b'{"zerver_attachment": [{"id": 1, "path_id": "../../../x"}]}'),
         "a path that is none: 'uploads/../../../x'"),
        (_file("avatars/records.json", b'[{"path": "../../passwd", "user_profile_id": 11}]'),
         "a path that is none: 'avatars/../../passwd'"),
    ],
)  # fmt: skip
def test_what_is_refused(change: Change, why: str, tmp_path: Path) -> None:
    archive = ZulipArchive()
    change(archive)
    assert why in refused(archive.folder(tmp_path / "archive"), tmp_path / "data")


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "a/../../evil", "export/..", "a\\..\\evil", "x" * 300, "a/" * 600 + "b"]
)
def test_paths_that_lead_elsewhere(name: str, tmp_path: Path) -> None:
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        z.add(archive, name, b"evil")
    assert "a path that is none" in refused(path, tmp_path / "data")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_file(kind: bytes, tmp_path: Path) -> None:
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("export/realm.json")
        entry.type, entry.linkname = kind, "/etc/passwd"
        archive.addfile(entry)
    assert "neither a file nor a folder" in refused(path, tmp_path / "data")


def test_a_file_that_is_twice_in_it(tmp_path: Path) -> None:
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for _ in range(2):
            z.add(archive, "export/realm.json", b"{}")
    assert "twice in the archive" in refused(path, tmp_path / "data")


def test_a_link_in_a_folder(tmp_path: Path) -> None:
    archive = ZulipArchive().folder(tmp_path / "archive")
    (archive / "uploads" / z.FILE).unlink()
    (archive / "uploads" / z.FILE).symlink_to("/etc/passwd")
    assert "leads elsewhere" in refused(archive, tmp_path / "data")


def test_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is unpacked that the disk has no room for."""
    monkeypatch.setattr(unpacked, "RESERVE", 1 << 60)
    path = ZulipArchive().tar(tmp_path / "bomb.tar.gz")
    with pytest.raises(OSError, match="MiB would be left on the disk"):
        world.read(path, tmp_path / "data", MovableClock())


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "MOST_FILES", 3)
    path = ZulipArchive().tar(tmp_path / "many.tar.gz")
    assert "more than 3 files" in refused(path, tmp_path / "data")


def test_a_row_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MOST_ROW", 5000)
    monkeypatch.setattr(scanner, "BLOCK", 1000)
    archive = ZulipArchive()
    archive.files["messages-000002.json"] = b'{"zerver_message": [{"content": "' + b"x" * 50_000
    assert "too large, or no JSON" in refused(archive.folder(tmp_path / "archive"), tmp_path / "data")


@pytest.mark.parametrize("size", [1, 7, 100])
def test_blocks_of_any_size(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.json"
    path.write_text(' {"a" : [ {"x": 1} ,{"y": "é}]"} ], "b":[], "c": [{"z": [{}]}]} ')
    monkeypatch.setattr(scanner, "BLOCK", size)
    found = [(table, row.values) for table, row in scanner.tables(path, "x.json")]
    assert found == [("a", {"x": 1}), ("a", {"y": "é}]"}), ("c", {"z": [{}]})]


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_bytes(b"hello")
    assert "is no .tar.gz, or it is damaged" in refused(tmp_path / "x.tar.gz", tmp_path / "data")
    assert "there is no" in refused(tmp_path / "y.tar.gz", tmp_path / "data")
    (tmp_path / "folder").mkdir()
    assert "there is no realm.json in it" in refused(tmp_path / "folder", tmp_path / "data")


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_half_an_archive(share: float, tmp_path: Path) -> None:
    path = ZulipArchive().tar(tmp_path / "half.tar.gz")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "damaged" in refused(path, tmp_path / "data")


def test_a_picture_that_is_none(tmp_path: Path) -> None:
    archive = ZulipArchive()
    for name in archive.files:
        if name.startswith(("avatars/2", "emoji/2", "realm_icons/2")):
            archive.files[name] = b"<svg onload=alert(1)>"
    made = world.read(archive.folder(tmp_path / "archive"), tmp_path / "data", MovableClock())
    assert [line for line in made.notes if "picture" in line] == [
        "emoji whose picture is not in the archive, or none: 1",
        "icons and logos that are no pictures: 1",
        "pictures of people that are none: 1",
    ]


def test_a_folder_that_is_in_use(team: Team, clock: MovableClock, tmp_path: Path) -> None:
    path = ZulipArchive().tar(tmp_path / "x.tar.gz")
    with pytest.raises(CommandError, match="has 5 people and messages"):
        world.read(path, team.store.folder, clock)


def test_a_tar_without_compression(tmp_path: Path) -> None:
    path = tmp_path / "plain.tar"
    with tarfile.open(path, "w") as archive:
        for name, content in ZulipArchive().contents().items():
            z.add(archive, f"./export/{name}", content)
    assert world.read(path, tmp_path / "data", MovableClock()).messages == 11
