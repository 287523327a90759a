"""Names, addresses and types of uploaded files, and keys that open them for a while."""

import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model import attachment as model
from appliance.model import thumbnail
from appliance.model.attachment import Attachment

NAMES = {
    "report.pdf": ("report.pdf", "report.pdf"),
    "my holiday photo.jpg": ("my holiday photo.jpg", "my-holiday-photo.jpg"),
    "фото.png": ("фото.png", "file.png"),
    "Müller & Söhne.txt": ("Müller & Söhne.txt", "Muller-Sohne.txt"),
    "../../etc/passwd": ("passwd", "passwd"),
    "C:\\Users\\ann\\notes.txt": ("notes.txt", "notes.txt"),
    "/": ("uploaded-file", "uploaded-file"),
    "": ("uploaded-file", "uploaded-file"),
    "..": ("uploaded-file", "uploaded-file"),
    ".htaccess": (".htaccess", "file.htaccess"),
    "a\0b.txt": ("ab.txt", "ab.txt"),
    "a\r\nSet-Cookie: x.txt": ("aSet-Cookie: x.txt", "aSet-Cookie-x.txt"),
    "evil\u202egnp.exe": ("evilgnp.exe", "evilgnp.exe"),
    "zero\u200bwidth.txt": ("zerowidth.txt", "zerowidth.txt"),
    '"quoted" <b>.txt': ('"quoted" <b>.txt', "quoted-b.txt"),
    "archive.tar.gz": ("archive.tar.gz", "archive.tar.gz"),
    "no ending": ("no ending", "no-ending"),
    "日本語": ("日本語", "file"),
    "%2e%2e%2fx": ("%2e%2e%2fx", "2e-2e-2fx"),
}


@pytest.mark.parametrize("given_name", NAMES)
def test_names(given_name: str) -> None:
    name, in_path = NAMES[given_name]
    assert model.clean_name(given_name) == name
    assert model.path_name(name) == in_path


def test_a_long_name_keeps_its_ending() -> None:
    name = model.clean_name("x" * 10_000 + ".pdf")
    assert len(name) == model.MAX_NAME
    assert name.endswith("x.pdf")
    assert len(model.path_name(name)) <= model.MAX_PATH_NAME
    assert model.path_name(name).endswith("x.pdf")


@given(st.text())
def test_any_name_makes_a_path(given_name: str) -> None:
    name = model.clean_name(given_name)
    assert 0 < len(name) <= model.MAX_NAME
    assert name.isprintable()
    path_id = model.new_path_id(name)
    assert model.PATH_ID.fullmatch(path_id)
    assert quote(path_id) == path_id
    assert model.clean_name(name) == name


def test_paths_cannot_be_guessed() -> None:
    made = {model.new_path_id("a.txt") for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"1/[0-9a-f]{2}/[A-Za-z0-9_-]{24}/a\.txt", each) for each in made)


@pytest.mark.parametrize(
    ("claimed", "name", "expected"),
    [
        ("image/png", "a.txt", "image/png"),
        ("Text/HTML; charset=x", "a", "text/html"),
        (None, "a.pdf", "application/pdf"),
        ("", "a.pdf", "application/pdf"),
        ("application/octet-stream", "a.png", "image/png"),
        ("nonsense", "a.png", "image/png"),
        ("image/png\r\nX: y", "a.png", "image/png"),
        ("x" * 200 + "/y", "a", "application/octet-stream"),
        (None, "a", "application/octet-stream"),
        (None, "a.unknown", "application/octet-stream"),
    ],
)
def test_types(claimed: str | None, name: str, expected: str) -> None:
    assert model.content_type(claimed, name) == expected


@pytest.mark.parametrize(
    "kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/css"]
)
def test_what_could_hold_a_script_is_not_shown(kind: str) -> None:
    assert kind not in model.INLINE


PATH = "1/ab/secret/a.txt"


def test_a_key_opens_one_file_for_a_while() -> None:
    key = model.sign("s", PATH, 1000)
    assert model.opens("s", key, PATH, 999.9)
    assert not model.opens("s", key, PATH, 1000)
    assert not model.opens("s", key, "1/ab/secret/b.txt", 999)
    assert not model.opens("another", key, PATH, 999)


@pytest.mark.parametrize("key", ["", "-", "1000", "1000-", "1000-é", "x-y", "9999-{}", "-1-{}", "1_0-{}"])
def test_made_up_keys_open_nothing(key: str) -> None:
    signature = model.sign("s", PATH, 1000).partition("-")[2]
    assert not model.opens("s", key.format(signature), PATH, 999)


def made(**how: object) -> Attachment:
    return Attachment(1, PATH, 1, "a", "image/png", 5, 0, **how)  # type: ignore[arg-type]


def test_thumbnails() -> None:
    assert thumbnail.shown(made()) == ""
    assert thumbnail.shown(made(width=5, height=5)) == "840x560.webp"
    assert thumbnail.shown(made(width=5, height=5, moves=True)) == "840x560-anim.webp"
    assert [each.name for each in thumbnail.of(made(width=5, height=5, moves=True))] == [*thumbnail.BY_NAME]


def test_formats_as_clients_are_told() -> None:
    shown = {"max_width": 840, "max_height": 560, "format": "webp"}
    assert thumbnail.formats() == [
        {**shown, "name": "840x560.webp", "animated": False},
        {**shown, "name": "840x560-anim.webp", "animated": True},
    ]
