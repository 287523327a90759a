"""Multipart bodies, as clients of all kinds write them, in pieces of all sizes."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.base.errors import ApiError
from appliance.http import multipart
from appliance.http.multipart import MAX_HEADER, MOST_PARTS, boundary_of, parts

Found = tuple[str, str | None, bytes]


class Trickle(io.BytesIO):
    """Gives so many bytes at a time."""

    step = 1

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.step)


def read(body: bytes, step: int = 1 << 16, boundary: bytes = b"xyz") -> list[Found]:
    stream = Trickle(body)
    stream.step = step
    return [(part.name, part.filename, b"".join(part)) for part in parts(stream, boundary)]


def part(content: bytes, disposition: str = 'name="a"', *headers: str) -> bytes:
    lines = [f"Content-Disposition: form-data; {disposition}", *headers]
    return b"--xyz\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"


END = b"--xyz--\r\n"
TWO = part(b"hello") + part(b"\x00\xff\r\n--xy", 'name="f"; filename="a.bin"', "Content-Type: x/y") + END


@pytest.mark.parametrize("step", [1, 2, 3, 5, 7, 50, 1 << 16])
def test_in_pieces_of_any_size(step: int) -> None:
    assert read(TWO, step) == [("a", None, b"hello"), ("f", "a.bin", b"\x00\xff\r\n--xy")]


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 40))
def test_whatever_is_in_them(contents: list[bytes], step: int) -> None:
    boundary = b"boundary" + b"0" * 20
    body = b"".join(
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + each + b"\r\n"
        for each in contents
    )
    found = read(body + b"--" + boundary + b"--", step, boundary)
    assert [content for _, _, content in found] == contents


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        ('name="a"; filename="b.txt"', "b.txt"),
        ("name=a; filename=b.txt", "b.txt"),
        ('name="a"; filename="фото.png"', "фото.png"),
        ('name="a"; filename="x"; filename*=utf-8\'\'%D1%84.png', "ф.png"),
        ('name="a"; filename="say %22hi%22.txt"', 'say "hi".txt'),
        ('name="a"; filename="say \\"hi\\".txt"', 'say "hi".txt'),
        ('name="a"; filename="a;b=c.txt"', "a;b=c.txt"),
        ('name="a"; filename=""', ""),
        ('NAME="a"; FILENAME="b"', "b"),
        ('name="a"', None),
    ],
)
def test_names_of_files(disposition: str, filename: str | None) -> None:
    assert read(part(b"", disposition) + END) == [("a", filename, b"")]


def test_the_type_of_a_file() -> None:
    [found] = parts(io.BytesIO(part(b"", 'name="a"; filename="b"', "CONTENT-TYPE: x/y; z=1") + END), b"xyz")
    assert found.content_type == "x/y; z=1"


def test_what_comes_before_and_after_means_nothing() -> None:
    assert read(b"preamble\r\n" + part(b"b") + END + b"epilogue") == [("a", None, b"b")]


def test_a_part_that_nobody_reads_is_skipped() -> None:
    found = [
        each.name for each in parts(io.BytesIO(part(b"x" * 200_000) + part(b"", "name=b") + END), b"xyz")
    ]
    assert found == ["a", "b"]


def test_a_large_part_comes_in_pieces() -> None:
    large = next(parts(io.BytesIO(part(bytes(1 << 20)) + END), b"xyz"))
    sizes = [len(chunk) for chunk in large]
    assert sum(sizes) == 1 << 20
    assert max(sizes) <= 2 * multipart.CHUNK


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--xyz",
        b"rubbish",
        b"--xyz\r\n",
        b"--xyz\r\nrubbish",
        b"--xyz\r\nrubbish\r\n\r\nx\r\n--xyz--",
        b"--xyz\r\nContent-Disposition: attachment\r\n\r\nx\r\n--xyz--",
        part(b"not ended"),
        TWO[:-20],
        b"--xyz\r\nX: " + b"x" * (MAX_HEADER + 10) + b"\r\n\r\nx\r\n--xyz--",
        b"--xyz\r\n" + b"X: y\r\n" * MAX_HEADER + b"\r\nx\r\n--xyz--",
        b"--xyz\r\n" + b"x" * 10 * MAX_HEADER,
    ],
)
def test_malformed_bodies(body: bytes) -> None:
    with pytest.raises(ApiError, match="Malformed multipart body"):
        read(body)


def test_too_many_parts() -> None:
    with pytest.raises(ApiError, match="Too many parameters"):
        read(part(b"") * (MOST_PARTS + 1) + END)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("multipart/form-data; boundary=xyz", b"xyz"),
        ('multipart/form-data; charset=x; boundary="x y"', b"x y"),
        ("multipart/form-data;BOUNDARY=----WebKit7", b"----WebKit7"),
    ],
)
def test_boundaries(content_type: str, expected: bytes) -> None:
    assert boundary_of(content_type) == expected


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", f"m; boundary={'x' * 300}"]
)
def test_no_boundary(content_type: str) -> None:
    with pytest.raises(ApiError, match="Malformed multipart body"):
        boundary_of(content_type)
