"""Draw the icons of appliance/static: a speech bubble with three dots on a rounded tile.

    python packaging/make_icon.py

`icon.png` has 512 x 512 pixels, `icon-192.png` 192 x 192. `icon-maskable.png` is for systems that cut icons
to a shape of their own: the tile has no corners, and the bubble keeps within the middle four fifths.

Shapes are signed distances in pixels of the largest, negative inside; half a pixel of the icon around zero
is what smooths the edges.
"""

import math
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent.parent / "appliance" / "static"
FIELD = 512  # pixels, in which all is drawn
TOP, BOTTOM = (58, 124, 165), (31, 78, 121)  # the tile's colours, from top to bottom
WHITE = (255, 255, 255)
DOTS = (172, 256, 340)  # x
DOTS_Y, DOT_RADIUS = 232, 26
TAIL = ((168, 330), (168, 420), (262, 330))

Point = tuple[float, float]
Pixel = tuple[int, int, int, int]


class Icon(NamedTuple):
    """`size`: in pixels; `corner`: the radius of the tile's; `drawn`: the bubble's share of its full size."""

    size: int
    corner: float = 112
    drawn: float = 1.0


ICONS = {
    "icon.png": Icon(512),
    "icon-192.png": Icon(192),
    "icon-maskable.png": Icon(512, corner=0, drawn=0.75),
}


def png(icon: Icon) -> bytes:
    """The bytes of the file."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel) for pixel in _row(icon, y)) for y in range(icon.size))
    header = struct.pack(">IIBBBBB", icon.size, icon.size, 8, 6, 0, 0, 0)  # 8 bits of red, green, blue, alpha
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _row(icon: Icon, y: int) -> Iterator[Pixel]:
    pixel = FIELD / icon.size
    tile = _mixed(TOP, BOTTOM, y / icon.size)
    for x in range(icon.size):
        at = ((x + 0.5) * pixel, (y + 0.5) * pixel)
        colour = _mixed(tile, WHITE, _covered(_drawing(at, icon.drawn) / pixel))
        edge = _rounded(at, (256, 256), (256, 256), icon.corner)
        yield (*colour, round(255 * _covered(edge / pixel)))


def _drawing(at: Point, share: float) -> float:
    """The bubble without its dots."""
    x, y = (256 + (each - 256) / share for each in at)
    bubble = min(_rounded((x, y), (256, 232), (168, 126), 56), _triangle((x, y), TAIL))
    dots = min(math.dist((x, y), (dot, DOTS_Y)) - DOT_RADIUS for dot in DOTS)
    return max(bubble, -dots) * share


def _covered(distance: float) -> float:
    """How much of a pixel at that distance lies inside."""
    return min(1.0, max(0.0, 0.5 - distance))


def _mixed(one: tuple[int, ...], other: tuple[int, ...], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rounded(at: Point, centre: Point, half: Point, radius: float) -> float:
    """A rectangle of twice the size `half`, its corners rounded."""
    x, y = (abs(a - c) - h + radius for a, c, h in zip(at, centre, half, strict=True))
    return math.hypot(max(x, 0), max(y, 0)) + min(max(x, y), 0) - radius


def _triangle(at: Point, corners: tuple[Point, Point, Point]) -> float:
    """Exact along the edges, a little too small around the corners. Corners run against the clock."""
    edges = zip(corners, (*corners[1:], corners[0]), strict=True)
    return max(_right_of(at, start, end) for start, end in edges)


def _right_of(at: Point, start: Point, end: Point) -> float:
    """The distance from the line, positive on its right as it is drawn."""
    (x, y), (ax, ay), (bx, by) = at, start, end
    return ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / math.dist(start, end)


if __name__ == "__main__":
    for name, icon in ICONS.items():
        (FOLDER / name).write_bytes(png(icon))
        sys.stdout.write(f"wrote {name}\n")
