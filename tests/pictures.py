"""Pictures for tests, good and bad ones."""

import io
import struct
import zlib

from PIL import Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.cookie)</script>"


def plain(
    width: int = 8, height: int = 6, form: str = "PNG", colour: str = "red", mode: str = "RGB", **how: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), colour).save(out, form, **how)
    return out.getvalue()


def animation(width: int = 8, height: int = 6, form: str = "GIF", frames: int = 3) -> bytes:
    colours = [(number * 37 % 256, number * 91 % 256, 0) for number in range(frames)]
    shown = [Image.new("RGB", (width, height), colour) for colour in colours]
    out = io.BytesIO()
    shown[0].save(out, form, save_all=True, append_images=shown[1:], duration=50)
    return out.getvalue()


def on_its_side(width: int, height: int) -> bytes:
    """A photo that its camera wants to be turned, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return plain(width, height, "JPEG", exif=exif)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes that says it is that large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000), 9)), (b"IEND", b""))
    return PNG_MAGIC + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
