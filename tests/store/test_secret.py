"""The secret of a data folder: made once, private, and never half."""

import stat
from pathlib import Path

import pytest

from appliance.base.errors import DataFolderError
from appliance.store.secret import FILE_NAME, LENGTH, provide, read


def test_it_is_made_once(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    made = provide(tmp_path)
    assert len(made) == LENGTH
    assert read(tmp_path) == provide(tmp_path) == made


def test_each_folder_has_its_own(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
    assert provide(folders[0]) != provide(folders[1])


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    provide(tmp_path)
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("left", ["", "\n", "abc"])
def test_what_a_power_cut_left_of_it_is_no_secret(tmp_path: Path, left: str) -> None:
    (tmp_path / FILE_NAME).write_text(left)
    assert read(tmp_path) is None
    assert len(provide(tmp_path)) == LENGTH


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(DataFolderError, match=FILE_NAME):
        provide(tmp_path)


def test_a_file_that_is_no_text_is_named_without_its_content(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff" + b"s3cret")
    with pytest.raises(DataFolderError) as raised:
        provide(tmp_path)
    assert "s3cret" not in str(raised.value)
