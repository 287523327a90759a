"""Our encryption beside others': the RFC's own example, http-ece, and pywebpush."""

import http_ece  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from pywebpush import WebPusher  # type: ignore[import-untyped]

from appliance.model.push_key import decoded
from appliance.outside.encryption import LARGEST, RECORD, encrypt, encrypt_with
from tests.outside.web_push_service import Browser

WORDS = "Grüße 💬".encode()


@pytest.fixture
def browser() -> Browser:
    return Browser("https://push.example.org/1")


def test_the_example_of_the_rfc() -> None:
    """RFC 8291, appendix A: its keys and its salt give its bytes."""
    own = derive_private_key(
        int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), SECP256R1()
    )
    keys = {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
    body = encrypt_with(
        b"When I grow up, I want to be a watermelon", keys, own, decoded("DGv6ra1nlYgDCS1FRnbzlw")
    )
    assert body == decoded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
        "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("content", [b"", b"x", WORDS, bytes(LARGEST)])
def test_http_ece_reads_it(browser: Browser, content: bytes) -> None:
    assert browser.read(encrypt(content, browser.keys)) == content


def test_pywebpush_says_the_same(browser: Browser) -> None:
    pusher = WebPusher({"endpoint": browser.endpoint, "keys": browser.keys})
    theirs = pusher.encode(WORDS, content_encoding="aes128gcm")["body"]
    ours = encrypt(WORDS, browser.keys)
    assert browser.read(theirs) == browser.read(ours) == WORDS
    assert len(theirs) == len(ours)


def test_the_largest_fills_a_record(browser: Browser) -> None:
    assert len(encrypt(bytes(LARGEST), browser.keys)) == RECORD
    with pytest.raises(ValueError, match="3993"):
        encrypt(bytes(LARGEST + 1), browser.keys)


def test_no_two_are_alike(browser: Browser) -> None:
    assert encrypt(WORDS, browser.keys) != encrypt(WORDS, browser.keys)


def test_nobody_else_reads_it(browser: Browser) -> None:
    body = encrypt(WORDS, browser.keys)
    with pytest.raises(http_ece.ECEException):
        Browser(browser.endpoint).read(body)
    for position in (0, 20, 40, -1):
        broken = bytearray(body)
        broken[position] ^= 1
        with pytest.raises((http_ece.ECEException, ValueError)):
            browser.read(bytes(broken))


def test_keys_that_are_none(browser: Browser) -> None:
    with pytest.raises(ValueError, match=r"(?i)point|key"):
        encrypt(WORDS, browser.keys | {"p256dh": browser.keys["p256dh"][:-4] + "AAAA"})
