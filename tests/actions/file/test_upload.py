"""What becomes of an uploaded file: its type, its size as a picture, its thumbnails."""

from typing import Any

import pytest

from appliance.actions.file import upload
from appliance.model import picture
from appliance.model.attachment import Attachment
from appliance.store import attachment as attachments
from tests import pictures
from tests.actions.conftest import Team
from tests.actions.files import uploaded
from tests.store.test_uploads import files


def jobs(team: Team) -> list[dict[str, Any]]:
    with team.store.read() as reader:
        rows = reader.rows("SELECT json(body) FROM job WHERE queue = ?", upload.THUMBNAILS)
    return [body for (body,) in rows]


def picture_of(
    team: Team, content: bytes, name: str = "a.png", content_type: str | None = None
) -> Attachment:
    return uploaded(team.store, team.ann, content, name, content_type)


def thumbnails(team: Team) -> list[str]:
    return [each.rpartition("/")[2] for each in files(team.store.uploads) if each.startswith("thumbnail/")]


def again(team: Team, file: Attachment) -> Attachment:
    with team.store.read() as reader:
        found = attachments.with_id(reader, file.id)
    assert found is not None
    return found


def test_a_picture_has_a_size_and_gets_thumbnails(team: Team) -> None:
    made = picture_of(team, pictures.plain(1000, 500))
    assert (made.width, made.height, made.moves) == (1000, 500, False)
    assert jobs(team) == [f'{{"id":{made.id}}}']
    upload.make_thumbnails(team.store, made.id)
    assert thumbnails(team) == ["840x560.webp"]
    path = team.store.uploads.thumbnail(made.path_id, "840x560.webp")
    assert pictures.opened(path.read_bytes()).size == (840, 420)


def test_an_animation_gets_two(team: Team) -> None:
    made = picture_of(team, pictures.animation(), "a.gif")
    assert made.moves
    upload.make_thumbnails(team.store, made.id)
    assert thumbnails(team) == ["840x560-anim.webp", "840x560.webp"]


NO_PICTURES = {
    "text": (b"hello", "a.txt", "text/plain"),
    "text that says it is a picture": (b"hello", "a.png", "image/png"),
    "HTML that says it is a picture": (pictures.HTML, "a.png", "image/png"),
    "a picture that says it is text": (pictures.plain(), "a.txt", "text/plain"),
    "SVG": (pictures.SVG, "a.svg", "image/svg+xml"),
    "a bomb": (pictures.bomb(), "a.png", "image/png"),
    "nothing": (b"", "a.png", "image/png"),
}


@pytest.mark.parametrize("what", NO_PICTURES)
def test_other_files_are_kept_as_they_are(team: Team, what: str) -> None:
    content, name, content_type = NO_PICTURES[what]
    made = picture_of(team, content, name, content_type)
    assert (made.width, made.height, made.content_type) == (None, None, content_type)
    assert jobs(team) == []
    assert team.store.uploads.file(made.path_id).read_bytes() == content


def test_a_picture_that_turns_out_to_be_broken(team: Team) -> None:
    made = picture_of(team, pictures.plain(99, 99, "JPEG")[:-100], "a.jpg")
    assert made.width == 99
    upload.make_thumbnails(team.store, made.id)
    assert again(team, made).width is None
    assert thumbnails(team) == []


def test_making_them_again_changes_nothing(team: Team) -> None:
    made = picture_of(team, pictures.plain())
    upload.make_thumbnails(team.store, made.id)
    path = team.store.uploads.thumbnail(made.path_id, "840x560.webp")
    before = path.stat().st_ino
    upload.make_thumbnails(team.store, made.id)
    assert path.stat().st_ino == before


def test_a_file_that_has_gone_meanwhile(team: Team) -> None:
    made = picture_of(team, pictures.plain())
    team.store.uploads.drop_file(made.path_id)
    upload.make_thumbnails(team.store, made.id)
    upload.make_thumbnails(team.store, made.id + 1)
    assert files(team.store.uploads) == []


def test_without_pillow(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "AVAILABLE", False)
    assert picture_of(team, pictures.plain()).width is None
    assert jobs(team) == []
