"""Tricks by which a server is made to call what is none of its callers' business."""

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from appliance.base.hosts import host_rule
from appliance.outside.breaker import Unreachable
from appliance.outside.guard import LONGEST_URL, Guard, Place, Refused, is_public
from appliance.outside.http import Http
from appliance.outside.lookup import LookUps
from tests.outside.post_sink import PostSink, Reply

PUBLIC, PUBLIC_6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


def resolving(*addresses: str) -> LookUps:
    """A name server that says this of every name."""
    return LookUps(lambda host, port: list(addresses))


@pytest.fixture
def sink() -> Iterator[PostSink]:
    with PostSink() as sink:
        yield sink


def ten() -> float:
    return 10.0


# -- which addresses are public


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
        "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
        "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::5db8:d70e", "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:0:7f00:1::",
        "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:5db8:d70e::1", "3fff::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "localhost", "",
    ],
)  # fmt: skip
def test_private(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, PUBLIC_6, "1.1.1.1", "172.32.0.1", "100.128.0.1", "2a00:1450:4001:82a::200e"]
)
def test_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_private(address: ipaddress.IPv4Address) -> None:
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


# -- what is refused without a look-up


@pytest.mark.parametrize(
    "url",
    [
        # other ways to write 127.0.0.1
        "http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/",
        "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/", "http://127.000.000.001/", "http://1.0x7f/",
        "http://127.0.0.1/", "http://127.0.0.1./", "http://0/", "http://0.0.0.0/",
        # and of IPv6
        "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://[fe80::1%25eth0]/", "http://[::1/", "http://[127.0.0.1]/", "http://[fd00:ec2::254]/",
        # what parsers read in two ways
        "http://example.org@127.0.0.1/", "http://127.0.0.1@example.org/", "http://user:secret@example.org/",
        "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/", "http://example.org#@127.0.0.1/",
        "http://127.0.0.1#.example.org/", "http:/\\127.0.0.1/", "http:///127.0.0.1/", "http:127.0.0.1/",
        "http://example.org\t/", " http://example.org/", "http://example.org/\r\nX: 1",
        "http://exa mple.org/", "http://example.org/\n", "http://%31%32%37.0.0.1/", "http://example..org/", "http://.example.org/",
        # letters and dots of other scripts that become ASCII somewhere
        "http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://ⓛocalhost/", "http://lоcalhost/", "http://example．org/",
        # schemes, ports, lengths
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)",
        "//example.org/", "example.org", "", "http://", "https:///", "http://example.org:0/", "http://example.org:65536/",
        "http://example.org:22/", "http://example.org:25/", "http://example.org:-1/", "http://x.org:8o/",
        "http://example.org/" + "x" * LONGEST_URL, "http://" + "x" * 64 + ".org/",
        "http://" + "x." * 130 + "org/",
    ],
)  # fmt: skip
def test_refused_at_sight(url: str) -> None:
    with pytest.raises(Refused):
        Guard(look_ups=resolving(PUBLIC)).check(url)


def test_a_refusal_tells_nothing_secret() -> None:
    with pytest.raises(Refused) as caught:
        Guard().check("http://user:hunter2@example.org/topic-secret")
    assert "hunter2" not in str(caught.value)
    assert "topic-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "place", "origin"),
    [
        ("https://example.org", ("https", "example.org", 443), "https://example.org"),
        ("HTTPS://Example.ORG/", ("https", "example.org", 443), "https://example.org"),
        ("https://example.org.:443/a?b=@c", ("https", "example.org", 443), "https://example.org"),
        (
            "http://ntfy.example.org:8080/x",
            ("http", "ntfy.example.org", 8080),
            "http://ntfy.example.org:8080",
        ),
        (
            "https://my_host.example.org/",
            ("https", "my_host.example.org", 443),
            "https://my_host.example.org",
        ),
        (f"https://[{PUBLIC_6.upper()}]/", ("https", PUBLIC_6, 443), f"https://[{PUBLIC_6}]"),
        (f"http://{PUBLIC}:80/", ("http", PUBLIC, 80), f"http://{PUBLIC}"),
    ],
)
def test_taken(url: str, place: tuple[str, str, int], origin: str) -> None:
    found = Guard().check(url)
    assert (found, found.origin) == (Place(*place), origin)


def test_encrypted_where_it_must_be() -> None:
    with pytest.raises(Refused, match="https"):
        Guard().check("http://push.example.org/", encrypted=True)
    assert Guard().check("https://push.example.org/", encrypted=True).server == "push.example.org:443"


# -- what a name leads to


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.5"], ["169.254.169.254"], ["::1"], ["::ffff:10.0.0.1"], [PUBLIC, "127.0.0.1"],
     ["fd00::1", PUBLIC], ["fe80::1%eth0"], []],
)  # fmt: skip
def test_a_name_of_a_private_address(sink: PostSink, addresses: list[str]) -> None:
    http = Http(connect=Guard(look_ups=resolving(*addresses)).connect)
    with pytest.raises(Refused, match="private network"):
        http.post(f"http://harmless.example.org:{sink.port}/", data=b"", left=ten)
    assert sink.posted == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "0x7f.1", "2130706433"])
def test_the_connection_is_checked_whatever_was_checked_before(sink: PostSink, host: str) -> None:
    http = Http(connect=Guard().connect)
    with pytest.raises(Refused):
        http.post(f"http://{host}:{sink.port}/", data=b"", left=ten)
    assert sink.posted == []


def test_a_name_is_looked_up_once_and_that_is_where_it_goes(sink: PostSink) -> None:
    """A name server may say something else the next time."""
    answers = iter([["127.0.0.1"], ["192.0.2.99"]])
    guard = Guard([host_rule(f"moving.test:{sink.port}")], LookUps(lambda host, port: next(answers)))
    http = Http(connect=guard.connect)
    for _ in range(3):
        http.post(f"http://moving.test:{sink.port}/", data=b"x", left=ten)
    assert len(sink.posted) == 3
    assert next(answers) == ["192.0.2.99"]
    assert {posted.headers["host"] for posted in sink.posted} == {f"moving.test:{sink.port}"}


def test_the_next_address_is_tried(sink: PostSink) -> None:
    guard = Guard([host_rule("two.test")], resolving("127.0.0.2", "127.0.0.1"))
    guard.connect("two.test", sink.port, 10).close()


def test_a_redirect_is_not_followed(sink: PostSink) -> None:
    with PostSink() as private:
        sink.reply = Reply(307, {"Location": f"{private.url}/inside"})
        answer = Http(connect=Guard([host_rule(sink.server)]).connect).post(sink.url, data=b"", left=ten)
        assert (answer.status, private.posted) == (307, [])


def test_no_proxy_of_the_environment_gets_in_between(sink: PostSink, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, sink.url)
    with pytest.raises(Refused):
        Http(connect=Guard().connect).post("http://127.0.0.1:9/", data=b"", left=ten)
    assert sink.posted == []


def test_a_name_server_that_hangs_costs_bounded_time() -> None:
    released = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        released.wait(30)
        return [PUBLIC]

    with pytest.raises(Unreachable, match="timed out"):
        Http(connect=Guard(look_ups=LookUps(resolve)).connect).post(
            "http://slow.test/", data=b"", left=lambda: 0.1
        )
    released.set()


# -- hosts that the administrator has opened


@pytest.mark.parametrize(
    ("opened", "url"),
    [
        ("ntfy.home.lan", "http://ntfy.home.lan/mine"),
        ("ntfy.home.lan", "https://NTFY.home.lan.:8443/mine"),
        ("ntfy.home.lan:81", "http://ntfy.home.lan:81/mine"),
        ("192.168.1.7:8080", "http://192.168.1.7:8080/mine"),
        ("192.168.1.7", "http://192.168.1.7:22/mine"),
        ("fd00::7", "http://[fd00:0::7]/mine"),
        ("[fd00::7]:8080", "http://[fd00::7]:8080/mine"),
    ],
)
def test_opened(opened: str, url: str) -> None:
    assert Guard([host_rule(opened)]).check(url, encrypted=True)


@pytest.mark.parametrize(
    ("opened", "url"),
    [
        ("192.168.1.7:8080", "http://192.168.1.7:8081/"),
        ("192.168.1.7:8080", "http://192.168.1.7/"),
        ("192.168.1.7", "http://192.168.1.70/"),
        ("[fd00::7]:8080", "http://[fd00::7]/"),
    ],
)
def test_what_is_next_to_an_opened_one_is_closed(opened: str, url: str) -> None:
    with pytest.raises(Refused):
        Guard([host_rule(opened)]).check(url)


@pytest.mark.parametrize("host", ["x.ntfy.home.lan", "home.lan", "ntfy.home.lan.example.org"])
def test_a_name_that_only_looks_like_an_opened_one(host: str) -> None:
    with pytest.raises(Refused):
        Guard([host_rule("ntfy.home.lan")], resolving("10.0.0.5")).connect(host, 80, 10)


@pytest.mark.parametrize(
    "word", ["http://ntfy.home.lan", "ntfy.home.lan/x", "*.home.lan", "a b", "10.0.0.0/8", ""]
)
def test_what_opens_nothing(word: str) -> None:
    with pytest.raises(ValueError, match="must be HOST or HOST:PORT"):
        host_rule(word)


# -- TLS names what was asked for


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed one for push.test alone, with its key in the same file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=push.test")
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("push.test")]), critical=False)
        .sign(key, SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    file = tmp_path / "push.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def names(sink: PostSink, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The sink speaks TLS; the names that it was called by (SNI)."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: asked.append(name)
    sink.encrypt(context)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return asked


def test_the_certificate_is_of_the_name_and_the_connection_to_the_address(
    sink: PostSink, names: list[str | None]
) -> None:
    guard = Guard([host_rule("push.test")], resolving("127.0.0.1"))
    answer = Http(connect=guard.connect).post(f"https://push.test:{sink.port}/x", data=b"hello", left=ten)
    assert (answer.status, names, sink.posted[0].body) == (201, ["push.test"], b"hello")
    assert sink.posted[0].headers["host"] == f"push.test:{sink.port}"


def test_a_certificate_of_another_name(sink: PostSink, names: list[str | None]) -> None:
    guard = Guard([host_rule("other.test")], resolving("127.0.0.1"))
    with pytest.raises(Unreachable, match="certificate"):
        Http(connect=guard.connect).post(f"https://other.test:{sink.port}/x", data=b"hello", left=ten)
    assert (names, sink.posted) == (["other.test"], [])
