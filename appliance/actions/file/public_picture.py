"""Making the pictures that everybody sees out of files that have come."""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from appliance.base.errors import ApiError
from appliance.model import picture
from appliance.store.uploads import Received

LARGEST_AS_IT_IS = 1 << 20  # bytes

Make = Callable[[BinaryIO], bytes]


class Made(NamedTuple):
    content: bytes
    ending: str  # of its name


def made(received: Received, make: Make, ending: str = "png") -> Made:
    """`make`: of model/picture.py. Where Pillow is missing, pictures stay as they are. Raises NoPicture."""
    with received.path.open("rb") as file:
        if not picture.AVAILABLE:
            return _as_it_is(file)
        try:
            return Made(make(file), ending)
        except picture.Unreadable:
            raise NoPicture from None


def moves(received: Received) -> bool:
    """Whether it is an animation, as far as can be told."""
    with received.path.open("rb") as file:
        size = picture.size_of(file)
    return size is not None and size.moves


def _as_it_is(file: BinaryIO) -> Made:
    content = file.read(LARGEST_AS_IT_IS + 1)
    kind = picture.kind_of(content)
    if kind is None:
        raise NoPicture
    if len(content) > LARGEST_AS_IT_IS:
        raise ApiError("This server cannot make pictures smaller: send one of 1 MiB at most.")
    return Made(content, picture.ENDINGS[kind])


class NoPicture(ApiError):
    def __init__(self) -> None:
        super().__init__("This is no picture that the server can read.")
