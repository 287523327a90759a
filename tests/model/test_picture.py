"""Pictures: their size, smaller ones, and what is no good picture."""

import io
from collections.abc import Callable
from functools import partial

import pytest
from PIL import Image

from appliance.model import picture
from appliance.model.picture import Size, Unreadable
from tests import pictures

FORMS = ("PNG", "JPEG", "GIF", "WEBP")


def file(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_file_is(form: str) -> None:
    assert picture.kind_of(pictures.plain(form=form)[:12]) == f"image/{form.lower()}"


@pytest.mark.parametrize(
    "content", [b"", b"GIF", pictures.SVG, pictures.HTML, b"RIFF1234WAVE", b"BM1234567890"]
)
def test_what_is_none(content: bytes) -> None:
    assert picture.kind_of(content) is None


@pytest.mark.parametrize("form", FORMS)
def test_the_size(form: str) -> None:
    assert picture.size_of(file(pictures.plain(30, 20, form))) == Size(30, 20, False)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_moves(form: str) -> None:
    found = picture.size_of(file(pictures.animation(form=form)))
    assert found == Size(8, 6, True)


def test_a_photo_is_as_large_as_it_is_to_be_seen() -> None:
    assert picture.size_of(file(pictures.on_its_side(40, 20))) == Size(20, 40, False)


BAD = {
    "nothing": b"",
    "text": b"hello",
    "SVG": pictures.SVG,
    "HTML": pictures.HTML,
    "a format that is not looked at": pictures.plain(form="BMP"),
    "a head alone": pictures.plain()[:20],
    "a bomb": pictures.bomb(),
    "a long bomb": pictures.bomb(2_000_000, 100),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_bad_pictures_have_no_size(content: bytes) -> None:
    assert picture.size_of(file(content)) is None


MAKERS: dict[str, Callable[[io.BytesIO], bytes]] = {
    "fitted": partial(picture.fitted, width=84, height=56),
    "square": partial(picture.square, side=10),
    "framed": partial(picture.framed, side=10),
    "shrunk": partial(picture.shrunk, width=84, height=56),
    "moving": partial(picture.framed, side=10, moving=True),
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("content", [*BAD.values(), pictures.plain(99, 99)[:-30]], ids=[*BAD, "cut off"])
def test_nothing_is_made_of_bad_pictures(maker: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        MAKERS[maker](file(content))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1680, 1120), (840, 560)), ((1680, 100), (840, 50)), ((100, 1120), (50, 560)), ((20, 10), (20, 10))],
)
@pytest.mark.parametrize("form", FORMS)
def test_a_thumbnail_keeps_the_proportions(
    form: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    made = pictures.opened(picture.fitted(file(pictures.plain(*size, form)), 840, 560))
    assert (made.format, made.size) == ("WEBP", expected)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "1", "I;16", "CMYK"])
def test_pictures_of_all_kinds_of_colour(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, form)
    for make in MAKERS.values():
        assert make(file(out.getvalue()))


def test_what_is_transparent_stays_so() -> None:
    content = pictures.plain(20, 20, colour="#00000000", mode="RGBA")
    assert pictures.opened(picture.fitted(file(content), 10, 10)).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_photo_is_turned_and_does_not_say_where_it_was_taken() -> None:
    made = pictures.opened(picture.fitted(file(pictures.on_its_side(400, 200)), 100, 100))
    assert made.size == (50, 100)
    assert dict(made.getexif()) == {}


def test_a_large_photo_is_unpacked_in_part() -> None:
    """48 megapixels would be too many, if all of them were."""
    content = pictures.plain(8000, 6000, "JPEG")
    assert pictures.opened(picture.fitted(file(content), 840, 560)).size == (747, 560)


def test_the_middle() -> None:
    made = pictures.opened(picture.square(file(pictures.plain(300, 100)), 50))
    assert (made.format, made.size) == ("PNG", (50, 50))


def test_the_whole_in_a_square() -> None:
    made = pictures.opened(picture.framed(file(pictures.plain(300, 100)), 64)).convert("RGBA")
    assert made.size == (64, 64)
    assert made.getpixel((32, 0)) == (0, 0, 0, 0)
    assert made.getpixel((32, 32)) == (255, 0, 0, 255)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_goes_on_moving(form: str) -> None:
    made = pictures.opened(picture.framed(file(pictures.animation(form=form)), 64, moving=True))
    assert (made.format, made.n_frames, made.info["duration"]) == ("GIF", 3, 50)  # type: ignore[attr-defined]


def test_a_moving_thumbnail() -> None:
    made = pictures.opened(picture.fitted(file(pictures.animation(1680, 1120)), 840, 560, moving=True))
    assert (made.format, made.size, made.n_frames) == ("WEBP", (840, 560), 3)  # type: ignore[attr-defined]


def test_of_an_animation_only_so_much() -> None:
    content = pictures.animation(frames=150)
    made = pictures.opened(picture.framed(file(content), 16, moving=True))
    assert made.n_frames == picture.MOST_FRAMES  # type: ignore[attr-defined]


def test_a_still_picture_of_an_animation() -> None:
    made = pictures.opened(picture.framed(file(pictures.animation()), 16))
    assert not getattr(made, "is_animated", False)


def test_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "AVAILABLE", False)
    assert picture.size_of(file(pictures.plain())) is None
    with pytest.raises(Unreadable):
        picture.square(file(pictures.plain()), 10)
