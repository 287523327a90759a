"""Files over HTTP: uploading, reading them at their addresses, and all that must not be."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from appliance.actions.message import send as message_actions
from appliance.actions.message.send import Draft
from appliance.base.options import BODY_MIB, REQUESTS_PER_MINUTE, UPLOADS_MIB
from appliance.model.user import Role, User
from tests import pictures
from tests.conftest import until
from tests.http.site import Site
from tests.process.client import Answer, Person, basic, request

BOUNDARY = "----boundary"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def part(content: bytes, disposition: str, content_type: str | None = None) -> bytes:
    lines = [f"--{BOUNDARY}", f"Content-Disposition: form-data; {disposition}"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def file_part(
    content: bytes, name: str = "a.txt", content_type: str | None = None, field: str = "file"
) -> bytes:
    return part(content, f'name="{field}"; filename="{name}"', content_type)


class Client:
    """Somebody's program."""

    def __init__(self, site: Site, user: User) -> None:
        self.site, self.user = site, user
        self.authorization = basic(user.delivery_email, user.api_key)

    def post(self, path: str, body: bytes, content_type: str = TYPE) -> Answer:
        headers = {"Authorization": self.authorization, "Content-Type": content_type}
        return request(self.site.runtime.port, "POST", f"/api/v1{path}", body=body, headers=headers)

    def call(self, method: str, path: str) -> Answer:
        headers = {"Authorization": self.authorization}
        return request(self.site.runtime.port, method, f"/api/v1{path}", headers=headers)

    def upload(self, content: bytes = b"hello", name: str = "a.txt", content_type: str | None = None) -> str:
        """Its address."""
        answer = self.post("/user_uploads", form(file_part(content, name, content_type)))
        assert answer.status == 200, answer.body
        url: str = answer.body["url"]
        assert answer.body["uri"] == url
        return url

    def get(self, path: str, method: str = "GET", **headers: str) -> "File":
        dashed = {name.replace("_", "-"): value for name, value in headers.items()}
        return fetch(self.site, path, method, {"Authorization": self.authorization, **dashed})

    def show(self, url: str, *to: User) -> int:
        """A message with a link to it."""
        draft = Draft(self.user, f"[file]({url})", "test", False)
        return message_actions.send_direct(self.site.store, draft, [each.id for each in to])


class File:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()


def fetch(site: Site, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> File:
    connection = http.client.HTTPConnection("127.0.0.1", site.runtime.port, timeout=30)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        return File(connection.getresponse())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def settings() -> dict[Any, Any]:
    return {BODY_MIB: 2, UPLOADS_MIB: 50, REQUESTS_PER_MINUTE: 0}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, settings: dict[Any, Any]) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("uploads") / "data", settings)
    yield running
    running.runtime.stop()


@pytest.fixture(scope="module")
def olga(site: Site) -> Client:
    return Client(site, site.add("Olga Owner", Role.OWNER))


@pytest.fixture(scope="module")
def ann(site: Site, olga: Client) -> Client:
    return Client(site, site.add("Ann Member"))


@pytest.fixture(scope="module")
def bob(site: Site, olga: Client) -> Client:
    return Client(site, site.add("Bob Member"))


# Uploading


@pytest.mark.parametrize("field", ["file", "filename", "a.txt", "", "фото"])
def test_the_name_of_the_part_does_not_matter(ann: Client, field: str) -> None:
    answer = ann.post("/user_uploads", form(file_part(b"hello", field=field)))
    assert answer.body["result"] == "success"
    assert answer.body["filename"] == "a.txt"
    assert ann.get(answer.body["url"]).body == b"hello"


@pytest.mark.parametrize(
    ("body", "content_type", "msg"),
    [
        (b"", TYPE, "Malformed multipart body"),
        (form(), TYPE, "There is no file in the request."),
        (form(part(b"x", 'name="a"')), TYPE, "There is no file in the request."),
        (form(file_part(b"", "")), TYPE, "There is no file in the request."),
        (form(file_part(b"1"), file_part(b"2")), TYPE, "Send one file at a time."),
        (b"a=b", "application/x-www-form-urlencoded", "There is no file in the request."),
        (b"{}", "application/json", "There is no file in the request."),
        (b"x", "multipart/form-data", "Malformed multipart body"),
        (form(file_part(b"x"))[:-30], TYPE, "Malformed multipart body"),
        (form(file_part(bytes((2 << 20) + 1))), TYPE, "too large (limit: 2 MiB)"),
    ],
)
def test_bad_uploads(ann: Client, body: bytes, content_type: str, msg: str) -> None:
    answer = ann.post("/user_uploads", body, content_type)
    assert answer.is_error(400, "BAD_REQUEST")
    assert msg in answer.body["msg"]


def test_nothing_is_left_of_them(site: Site, ann: Client) -> None:
    ann.post("/user_uploads", form(file_part(b"1"), file_part(b"2")))
    assert list((site.store.folder / "uploads" / "incoming").iterdir()) == []


def test_just_not_too_large(ann: Client) -> None:
    assert ann.get(ann.upload(bytes(2 << 20))).headers["Content-Length"] == str(2 << 20)


def test_much_too_large(ann: Client) -> None:
    assert ann.post("/user_uploads", form(file_part(bytes(3 << 20)))).is_error(413, "REQUEST_TOO_LARGE")


def test_a_stranger(site: Site) -> None:
    for authorization in ({}, {"Authorization": basic("ann@example.org", "x" * 32)}):
        answer = request(
            site.runtime.port,
            "POST",
            "/api/v1/user_uploads",
            body=form(file_part(b"x")),
            headers={**authorization, "Content-Type": TYPE},
        )
        assert answer.is_error(401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\x",
        "a\u202egnp.exe",
        "x" * 3000 + ".txt",
        "\u200b",
        "a&b<c>.txt",
        "фото.png",
        "%00",
        "..",
    ],
)
def test_hostile_names(site: Site, ann: Client, name: str) -> None:
    url = ann.upload(name=name)
    assert url.isascii()
    assert ".." not in url
    assert ann.get(url).body == b"hello"
    stored = site.store.uploads.file(url.removeprefix("/user_uploads/"))
    assert stored.resolve().is_relative_to(site.store.folder / "uploads" / "files")


def test_the_name_comes_back(ann: Client) -> None:
    headers = ann.get(ann.upload(name="Müller & фото.txt")).headers
    assert f"filename*=UTF-8''{quote('Müller & фото.txt', safe='')}" in headers["Content-Disposition"]
    assert '"M_ller & ____.txt"' in headers["Content-Disposition"]


def test_the_python_client(site: Site, ann: Client, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"from python")
    person = Person(site.runtime.port, ann.user.id, ann.user.delivery_email, ann.user.api_key)
    with path.open("rb") as file:
        answer = person.client().upload_file(file)
    assert ann.get(answer["uri"]).body == b"from python"


# Reading


def test_a_reader_and_a_stranger(site: Site, ann: Client, bob: Client, olga: Client) -> None:
    url = ann.upload()
    assert bob.get(url).status == 404
    ann.show(url, bob.user)
    assert bob.get(url).body == b"hello"
    assert olga.get(url).status == 404
    assert fetch(site, url).status == 404


def test_a_wrong_key(site: Site, ann: Client) -> None:
    headers = {"Authorization": basic(ann.user.delivery_email, "x" * 32)}
    assert fetch(site, ann.upload(), headers=headers).status == 404


def test_by_the_session_of_a_browser(site: Site, ann: Client, bob: Client) -> None:
    url = ann.upload()
    assert site.signed_in(ann.user).get(url).body == b"hello"
    assert site.signed_in(bob.user).get(url).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/user_uploads/",
        "/user_uploads/1",
        "/user_uploads/1/ab/secret/a.txt",
        "/user_uploads/../appliance.db",
        "/user_uploads/%2e%2e/appliance.db",
        "/user_uploads/1/..%2f..%2f..%2fappliance.db",
        "/user_uploads/1/ab/%00/a.txt",
        "/user_uploads/thumbnail/1/ab/x/a.png/x",
        "/user_uploads/temporary/1-x/1/ab/secret/a.txt",
        "/user_uploads/%ff%fe/x",
        "/user_avatars/",
        "/user_avatars/../../appliance.db",
        "/user_avatars/1/%2e%2e/x.png",
        "/user_avatars/1/realm/../x.png",
        "/user_avatars/1/x.html",
        "/user_avatars/1/x.png",
        "/user_uploads/" + "x/" * 2000,
    ],
)
def test_other_addresses(ann: Client, path: str) -> None:
    assert ann.get(path).status == 404


def test_only_reading(ann: Client) -> None:
    assert ann.get(ann.upload(), "DELETE").status == 405


# What browsers are told


@pytest.mark.parametrize(
    ("content_type", "name", "shown", "sandboxed"),
    [
        ("image/png", "a.png", "inline", True),
        ("text/plain", "a.txt", "inline", True),
        ("application/pdf", "a.pdf", "inline", False),
        ("video/mp4", "a.mp4", "inline", True),
        ("text/html", "a.html", "attachment", True),
        ("image/svg+xml", "a.svg", "attachment", True),
        ("application/xhtml+xml", "a.xhtml", "attachment", True),
        ("application/zip", "a.zip", "attachment", True),
    ],
)
def test_what_is_shown_and_what_is_saved(
    ann: Client, content_type: str, name: str, shown: str, sandboxed: bool
) -> None:
    answer = ann.get(ann.upload(pictures.HTML, name, content_type))
    assert answer.headers["Content-Type"].partition(";")[0] == content_type
    assert answer.headers["Content-Disposition"].startswith(f"{shown};")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert ("sandbox" in policy) == sandboxed


@pytest.mark.parametrize(
    "content_type",
    [
        "text/javascript", "application/javascript", "application/x-javascript", "text/javascript1.5",
        "text/ecmascript", "application/x-ecmascript", "text/jscript", "text/livescript", "text/css",
        "TEXT/JavaScript; charset=utf-8",
    ],
)  # fmt: skip
def test_no_file_is_a_script_or_a_style_of_our_origin(ann: Client, content_type: str) -> None:
    """Policies let pages have those that come from it."""
    url = ann.upload(b"alert(1)", "a.bin", content_type)
    temporary: str = ann.call("GET", url).body["url"]
    for path in (url, url.replace("/user_uploads/", "/user_uploads/download/"), temporary):
        headers = ann.get(path).headers
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["Content-Disposition"].startswith("attachment;")


def test_not_by_its_name_either(ann: Client) -> None:
    for name in ("a.js", "a.mjs", "a.css"):
        assert ann.get(ann.upload(b"alert(1)", name)).headers["Content-Type"] == "application/octet-stream"


def test_saving_what_would_be_shown(ann: Client) -> None:
    url = ann.upload(pictures.plain(), "a.png", "image/png").replace(
        "/user_uploads/", "/user_uploads/download/"
    )
    assert ann.get(url).headers["Content-Disposition"].startswith("attachment;")


def test_a_file_is_kept_by_who_has_it(ann: Client) -> None:
    first = ann.get(url := ann.upload())
    assert "private" in first.headers["Cache-Control"]
    again = ann.get(url, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert ann.get(url, If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    ("asked", "status", "body", "said"),
    [
        ("bytes=0-1", 206, b"01", "bytes 0-1/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-30", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-100", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("bytes=x-", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=0-1", 200, b"0123456789", None),
    ],
)
def test_a_part_of_it(ann: Client, asked: str, status: int, body: bytes, said: str | None) -> None:
    answer = ann.get(ann.upload(b"0123456789"), Range=asked)
    assert (answer.status, answer.body, answer.headers["Content-Range"]) == (status, body, said)


def test_a_part_of_what_has_changed(ann: Client) -> None:
    url = ann.upload(b"0123456789")
    tag = ann.get(url).headers["ETag"]
    assert ann.get(url, Range="bytes=0-1", If_Range=tag).status == 206
    assert ann.get(url, Range="bytes=0-1", If_Range='"other"').body == b"0123456789"


def test_only_asking(ann: Client) -> None:
    answer = ann.get(ann.upload(b"0123456789"), "HEAD")
    assert (answer.status, answer.body, answer.headers["Content-Length"]) == (200, b"", "10")


def test_an_empty_file(ann: Client) -> None:
    url = ann.upload(b"")
    assert (ann.get(url).status, ann.get(url).body) == (200, b"")


def test_a_file_larger_than_the_buffers(ann: Client) -> None:
    content = bytes(range(256)) * 4096
    url = ann.upload(content)
    assert ann.get(url).body == content
    assert ann.get(url, Range="bytes=500000-").body == content[500_000:]


def open_uploads(site: Site) -> int:
    """How many of them this process, which the server runs in, has open."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found += descriptor.readlink().is_relative_to(site.store.folder / "uploads")
    return found


def test_no_file_stays_open(site: Site, ann: Client) -> None:
    url = ann.upload(bytes(2 << 20))
    for number in range(20):
        connection = http.client.HTTPConnection("127.0.0.1", site.runtime.port, timeout=30)
        connection.request("GET", url, headers={"Authorization": ann.authorization})
        connection.getresponse().read(100)
        connection.close()  # with most of it unread
        ann.get(url, ("GET", "HEAD")[number % 2], If_None_Match="*")
        ann.get(url, "HEAD", Range=("bytes=0-1", "bytes=9999999-")[number % 2])
    until(lambda: open_uploads(site) == 0)


# Addresses for a while


def temporary(client: Client, url: str) -> Answer:
    return client.call("GET", url)


def test_an_address_that_needs_no_key(site: Site, ann: Client) -> None:
    url = ann.upload()
    opened = temporary(ann, url).body["url"]
    assert fetch(site, opened).body == b"hello"
    assert fetch(site, opened.replace("a.txt", "b.txt")).status == 404
    assert fetch(site, opened.replace("temporary/1", "temporary/2")).status == 404
    ann.call("DELETE", f"/attachments/{ann.call('GET', '/attachments').body['attachments'][0]['id']}")
    assert fetch(site, opened).status == 404


def test_only_of_what_one_may_read(ann: Client, bob: Client) -> None:
    url = ann.upload()
    for asked in (url, "/user_uploads/1/ab/secret/a.txt", "/user_uploads/1/x"):
        assert temporary(bob, asked).is_error(404, "BAD_REQUEST")


# Pictures


def test_a_thumbnail(site: Site, ann: Client, bob: Client) -> None:
    url = ann.upload(pictures.plain(1680, 1120), "a.png", "image/png")
    small = url.replace("/user_uploads/", "/user_uploads/thumbnail/") + "/840x560.webp"
    before = ann.get(small)  # perhaps not made yet
    assert before.status == 200
    until(lambda: ann.get(small).headers["Content-Type"] == "image/webp")
    assert pictures.opened(ann.get(small).body).size == (840, 560)
    assert bob.get(small).status == 404
    assert ann.get(small.replace("840x560", "840x561")).status == 404
    ann.show(url, bob.user)
    assert bob.get(small).status == 200


def test_no_thumbnail_of_what_is_no_picture(ann: Client) -> None:
    url = ann.upload(pictures.HTML, "a.html", "text/html")
    assert ann.get(url.replace("/user_uploads/", "/user_uploads/thumbnail/") + "/840x560.webp").status == 404


def test_a_message_shows_the_thumbnail(site: Site, ann: Client, bob: Client) -> None:
    url = ann.upload(pictures.plain(100, 50), "a.png", "image/png")
    message_id = ann.show(url, bob.user)
    html = ann.call("GET", f"/messages/{message_id}").body["message"]["content"]
    assert f'src="{url.replace("/user_uploads/", "/user_uploads/thumbnail/")}/840x560.webp"' in html
    assert 'data-original-dimensions="100x50"' in html


def test_an_avatar(site: Site, ann: Client) -> None:
    answer = ann.post("/users/me/avatar", form(file_part(pictures.plain(300, 200), "me.png")))
    assert answer.status == 200
    url = answer.body["avatar_url"]
    for path in (url, f"/avatar/{ann.user.id}"):
        shown = fetch(site, path)
        assert pictures.opened(shown.body).size == (100, 100)
        assert shown.headers["Content-Type"] == "image/png"
    assert "immutable" in fetch(site, url).headers["Cache-Control"]
    assert pictures.opened(fetch(site, f"/avatar/{ann.user.id}/medium").body).size == (500, 500)
    assert ann.call("GET", "/users/me").body["avatar_url"] == url
    assert ann.call("DELETE", "/users/me/avatar").body["avatar_url"] == f"/avatar/{ann.user.id}"
    assert fetch(site, url).status == 404
    assert b"<svg" in fetch(site, f"/avatar/{ann.user.id}").body


@pytest.mark.parametrize("path", ["/users/me/avatar", "/realm/icon", "/realm/logo", "/realm/emoji/party"])
def test_exactly_one_picture(olga: Client, path: str) -> None:
    none, two = form(), form(file_part(b"1"), file_part(b"2"))
    for body, msg in ((none, "There is no file in the request."), (two, "Send one file at a time.")):
        answer = olga.post(path, body)
        assert answer.is_error(400, "BAD_REQUEST")
        assert answer.body["msg"] == msg
    bad = olga.post(path, form(file_part(pictures.SVG, "a.svg")))
    assert bad.body["msg"] == "This is no picture that the server can read."


def test_the_icon(site: Site, olga: Client, ann: Client) -> None:
    url = olga.post("/realm/icon", form(file_part(pictures.plain(300, 200), "i.png"))).body["icon_url"]
    path = urlsplit(url).path
    assert pictures.opened(fetch(site, path).body).size == (100, 100)
    assert ann.get("/api/v1/realm/icon").headers["Location"] == url
    assert json.loads(fetch(site, "/api/v1/server_settings").body)["realm_icon"] == url
    assert olga.call("DELETE", "/realm/icon").body["icon_url"].endswith("/static/icon.png")
    assert fetch(site, path).status == 404


def test_the_logos(site: Site, olga: Client, ann: Client) -> None:
    body = form(part(b"true", 'name="night"'), file_part(pictures.plain(1600, 200), "l.png"))
    assert olga.post("/realm/logo", body).status == 200
    assert "/static/" in ann.get("/api/v1/realm/logo").headers["Location"]
    assert "/user_avatars/1/realm/" in ann.get("/api/v1/realm/logo?night=true").headers["Location"]
    assert olga.call("DELETE", "/realm/logo?night=true").status == 200
    assert "/static/" in ann.get("/api/v1/realm/logo?night=true").headers["Location"]


def test_an_emoji(site: Site, ann: Client, olga: Client) -> None:
    assert ann.post("/realm/emoji/Party%20Blob", form(file_part(pictures.animation(), "p.gif"))).status == 200
    [own] = ann.call("GET", "/realm/emoji").body["emoji"].values()
    assert own["name"] == "party_blob"
    assert fetch(site, own["source_url"]).headers["Content-Type"] == "image/gif"
    assert fetch(site, own["still_url"]).headers["Content-Type"] == "image/png"
    assert olga.call("DELETE", "/realm/emoji/party_blob").status == 200
    assert olga.call("DELETE", "/realm/emoji/party_blob").is_error(404, "BAD_REQUEST")
    assert fetch(site, own["source_url"]).status == 200  # old messages show it
