"""Draw appliance/static/icon.png: a speech bubble with three dots on a rounded tile, 512 x 512 pixels.

    python packaging/make_icon.py

Shapes are signed distances in pixels, negative inside; the half pixel around zero is what smooths the edges.
"""

import math
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).parent.parent / "appliance" / "static" / "icon.png"
SIZE = 512
TOP, BOTTOM = (58, 124, 165), (31, 78, 121)  # the tile's colours, from top to bottom
WHITE = (255, 255, 255)
DOTS = (172, 256, 340)  # x
DOTS_Y, DOT_RADIUS = 232, 26
TAIL = ((168, 330), (168, 420), (262, 330))

Point = tuple[float, float]
Pixel = tuple[int, int, int, int]


def icon() -> bytes:
    """The bytes of the PNG file."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel) for pixel in _row(y)) for y in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)  # 8 bits each of red, green, blue, alpha
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _row(y: int) -> Iterator[Pixel]:
    tile = _mixed(TOP, BOTTOM, y / SIZE)
    for x in range(SIZE):
        at = (x + 0.5, y + 0.5)
        bubble = min(_rounded(at, (256, 232), (168, 126), 56), _triangle(at, TAIL))
        dots = min(math.dist(at, (dot, DOTS_Y)) - DOT_RADIUS for dot in DOTS)
        colour = _mixed(tile, WHITE, _covered(max(bubble, -dots)))
        yield (*colour, round(255 * _covered(_rounded(at, (256, 256), (256, 256), 112))))


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
    TARGET.write_bytes(icon())
    sys.stdout.write(f"wrote {TARGET.name}\n")
