"""Uploads to a real server: large ones go past its memory, and a crash leaves nothing half done."""

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.client import GONE, Person, request
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, die_in

BOUNDARY = "b" * 30
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
MIB = 1 << 20


def headers(person: Person) -> dict[str, str]:
    return {"Authorization": person.authorization, "Content-Type": TYPE}


def large(mib: int) -> Iterator[bytes]:
    yield HEAD
    for number in range(mib):
        yield bytes([number % 256]) * MIB
    yield END


def upload_large(person: Person, mib: int) -> str:
    """Its address. The client does not hold it in memory either."""
    connection = http.client.HTTPConnection("127.0.0.1", person.port, timeout=90)
    length = {"Content-Length": str(len(HEAD) + mib * MIB + len(END))}
    connection.request("POST", "/api/v1/user_uploads", large(mib), headers(person) | length)
    answer = connection.getresponse()
    found = re.search(rb'"url":"([^"]*)"', answer.read())
    connection.close()
    assert found is not None
    return found[1].decode()


def upload(person: Person, content: bytes) -> str:
    body = HEAD + content + END
    answer = request(person.port, "POST", "/api/v1/user_uploads", body=body, headers=headers(person))
    assert answer.status == 200
    url: str = answer.body["url"]
    return url


def peak(server: ServerProcess) -> int:
    """The most memory that it ever had, in bytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) << 10


def fetch_size(person: Person, url: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", person.port, timeout=90)
    connection.request("GET", url, headers={"Authorization": person.authorization})
    answer, size = connection.getresponse(), 0
    while chunk := answer.read(MIB):
        size += len(chunk)
    connection.close()
    return size


def files(server: ServerProcess) -> list[str]:
    folder = server.data / "uploads"
    return sorted(path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def server(serve: Serve) -> ServerProcess:
    return serve(environ={"APPLIANCE_LIMITS_BODY_MIB": "100"})


def test_a_large_file_is_never_in_memory(server: ServerProcess) -> None:
    """100 MiB there and back."""
    [hamlet] = server.start().people("hamlet")
    fetch_size(hamlet, upload_large(hamlet, 1))
    before = peak(server)
    assert fetch_size(hamlet, upload_large(hamlet, 100)) == 100 * MIB
    assert peak(server) - before < 32 * MIB  # what else wakes up in the meantime takes up to 15


def test_a_crash_between_file_and_row(server: ServerProcess) -> None:
    """What nobody was told of is not there; its file waits for the sweep."""
    server.start(die_in("appliance.store.attachment:add"))
    [hamlet] = server.people("hamlet")
    with pytest.raises(GONE):
        upload(hamlet, b"hello")
    server.crash()
    server.start()
    assert hamlet.ask("GET", "/attachments")["attachments"] == []
    assert files(server) == ["files"]


def test_a_crash_before_the_file_is_kept(server: ServerProcess) -> None:
    server.start(die_in("appliance.store.uploads:Uploads.keep"))
    [hamlet] = server.people("hamlet")
    with pytest.raises(GONE):
        upload(hamlet, b"hello")
    server.crash()
    server.start()
    assert hamlet.ask("GET", "/attachments")["attachments"] == []
    assert files(server) == ["incoming"]


def test_what_was_acknowledged_survives_a_crash(server: ServerProcess) -> None:
    [hamlet] = server.start().people("hamlet")
    url = upload(hamlet, b"hello" * 1000)
    server.kill()
    server.start()
    assert fetch_size(hamlet, url) == 5000


def test_a_client_that_goes_away_leaves_nothing(server: ServerProcess) -> None:
    [hamlet] = server.start().people("hamlet")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("POST", "/api/v1/user_uploads")
    for name, value in (headers(hamlet) | {"Content-Length": str(10 * MIB)}).items():
        connection.putheader(name, value)
    connection.endheaders(HEAD + bytes(MIB))
    connection.close()
    upload(hamlet, b"hello")
    assert files(server) == ["files"]
    assert server.ready()
