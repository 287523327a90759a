"""Pictures: what kind a file is, how large, and smaller ones made of it.

All but `kind_of` needs Pillow, which not every machine has (there is none for armv7l): without it pictures
stay as they are, and messages show the files themselves. One picture at a time is unpacked.

Pictures come from anybody. Only four formats are looked at; what would take more than MOST_PIXELS of memory
is left alone before anything of it is unpacked, and of an animation only the beginning is kept.
"""

import io
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

AVAILABLE = find_spec("PIL") is not None
MOST_PIXELS = 16_000_000  # that are unpacked at once: 64 MB, twice that where there are transparent ones
MOST_OF_JPEG = 51_000_000  # of which less is unpacked; a progressive one takes up to 150 MB all the same
MOST_FRAMES = 100
MOST_PIXELS_OF_FRAMES = 100_000_000  # of all of them, one after another
QUALITY = 80

_MAGIC = (  # how a file begins (at 8, for WebP), its media type, Pillow's name of it
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "PNG"),
    (0, b"\xff\xd8\xff", "image/jpeg", "JPEG"),
    (0, b"GIF87a", "image/gif", "GIF"),
    (0, b"GIF89a", "image/gif", "GIF"),
    (8, b"WEBP", "image/webp", "WEBP"),
)
KINDS = frozenset(kind for _, _, kind, _ in _MAGIC)
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_FORMATS = tuple(sorted({format for *_, format in _MAGIC}))
_ORIENTATION, _TURNED = 0x0112, frozenset({5, 6, 7, 8})  # an EXIF tag; its values for a picture on its side


class Unreadable(Exception):
    """No picture, a broken one, or one that is too large."""


class Size(NamedTuple):
    """In pixels, as it is to be seen. `moves`: it is an animation."""

    width: int
    height: int
    moves: bool


def kind_of(head: bytes) -> str | None:
    """The media type of a picture that begins so (12 bytes are enough); None: it is none of KINDS."""
    return next((kind for at, magic, kind, _ in _MAGIC if head[at:].startswith(magic)), None)


def size_of(file: BinaryIO) -> Size | None:
    """None: it cannot be shown smaller. Nothing is unpacked."""
    try:
        with _opened(file) as image:
            _check_size(image)
            width, height = image.size
            if image.getexif().get(_ORIENTATION) in _TURNED:
                width, height = height, width
            return Size(width, height, bool(getattr(image, "is_animated", False)))
    except Unreadable:
        return None


def fitted(file: BinaryIO, width: int, height: int, *, moving: bool = False) -> bytes:
    """A WebP picture no larger than that, in the same proportions; `moving`: an animation. Raises
    Unreadable."""
    return _made(file, (width, height), lambda image: _shrunk(image, width, height), moving, "WEBP")


def square(file: BinaryIO, side: int) -> bytes:
    """The middle of it, as a PNG. Raises Unreadable."""
    return _made(file, (side, side), lambda image: _cut(image, side), False, "PNG")


def framed(file: BinaryIO, side: int, *, moving: bool = False) -> bytes:
    """All of it in a square with transparent margins: a PNG; `moving`: a GIF. Raises Unreadable."""
    form = "GIF" if moving else "PNG"
    return _made(file, (side, side), lambda image: _with_margins(image, side), moving, form)


def shrunk(file: BinaryIO, width: int, height: int) -> bytes:
    """As `fitted`, as a PNG. Raises Unreadable."""
    return _made(file, (width, height), lambda image: _shrunk(image, width, height), False, "PNG")


Change = Callable[["Image"], "Image"]
_one_at_a_time = threading.Lock()


def _made(file: BinaryIO, size: tuple[int, int], change: Change, moving: bool, form: str) -> bytes:
    with _one_at_a_time, _opened(file) as image:
        _check_size(image)
        image.draft(None, size)  # a JPEG is unpacked only as large as it is needed
        if image.width * image.height > MOST_PIXELS:
            raise Unreadable
        if not moving:
            return _saved([_still(image, change)], form)
        return _moving(image, change, form, min(image.width * image.height, math.prod(size)))


@contextmanager
def _opened(file: BinaryIO) -> Iterator["Image"]:
    """Whatever Pillow stumbles over, and it says so in many ways, means that it is no good picture."""
    if not AVAILABLE:
        raise Unreadable
    from PIL import Image

    file.seek(0)
    try:
        with Image.open(file, formats=_FORMATS) as image:
            yield image
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable from error


def _check_size(image: "Image") -> None:
    most = MOST_OF_JPEG if image.format == "JPEG" else MOST_PIXELS
    if not 0 < image.width * image.height <= most:
        raise Unreadable


def _still(image: "Image", change: Change) -> "Image":
    from PIL import ImageOps

    ImageOps.exif_transpose(image, in_place=True)
    return change(_in_colour(image))


def _moving(image: "Image", change: Change, form: str, kept: int) -> bytes:
    """As much of its beginning as does not take too long, or too much memory: `kept` pixels a frame."""
    longest = MOST_PIXELS_OF_FRAMES // (image.width * image.height)
    most = max(1, min(MOST_FRAMES, longest, MOST_PIXELS // kept))
    frames, durations = list["Image"](), list[int]()
    for number in range(most):
        try:
            image.seek(number)
        except EOFError:  # (counting them all first could take long)
            break
        frames.append(change(_in_colour(image.copy())))
        durations.append(int(image.info.get("duration", 100)))
    return _saved(frames, form, duration=durations)


def _in_colour(image: "Image") -> "Image":
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    wanted = "RGBA" if transparent else "RGB"
    return image if image.mode == wanted else image.convert(wanted)  # (which would copy it)


def _shrunk(image: "Image", width: int, height: int) -> "Image":
    image.thumbnail((width, height))
    return image


def _cut(image: "Image", side: int) -> "Image":
    from PIL import ImageOps

    return ImageOps.fit(image, (side, side))


def _with_margins(image: "Image", side: int) -> "Image":
    from PIL import ImageOps

    return ImageOps.pad(image.convert("RGBA"), (side, side), color=(0, 0, 0, 0))


def _saved(frames: list["Image"], form: str, **how: Any) -> bytes:
    """Without what else the file said (where a photo was taken, say)."""
    several = {"save_all": True, "append_images": frames[1:], "loop": 0, **how} if len(frames) > 1 else {}
    disposal = {"disposal": 2} if form == "GIF" and several else {}
    out = io.BytesIO()
    frames[0].save(out, form, quality=QUALITY, **several, **disposal)
    return out.getvalue()
