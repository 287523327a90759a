from base64 import b64encode

import pytest

from appliance.base.errors import ApiError
from appliance.model.push_key import decoded, encoded, keys

# RFC 8291, appendix A
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
POINT = decoded(P256DH)


def test_as_browsers_send_them() -> None:
    assert keys(P256DH, AUTH) == {"p256dh": P256DH, "auth": AUTH}


def test_other_ways_to_write_base64() -> None:
    padded, other = P256DH + "=", b64encode(decoded(AUTH)).decode()
    assert keys(padded, other) == {"p256dh": P256DH, "auth": AUTH}


@pytest.mark.parametrize(
    "p256dh",
    [
        "",
        "=",
        "not base64!",
        P256DH[:-1],
        P256DH + "A",
        P256DH * 3,
        "ä" * 87,
        encoded(POINT[:64]),
        encoded(POINT + b"\0"),
        encoded(b"\x02" + POINT[1:33]),  # compressed
        encoded(b"\x03" + POINT[1:]),
        encoded(bytes(65)),
        encoded(b"\x04" + bytes(64)),
        encoded(POINT[:-1] + b"\x00"),  # not on the curve
        encoded(b"\x04" + b"\xff" * 64),  # beyond its field
        encoded(b"\x04" + POINT[33:] + POINT[1:33]),
    ],
)
def test_what_is_no_point_of_the_curve(p256dh: str) -> None:
    with pytest.raises(ApiError, match="Invalid p256dh"):
        keys(p256dh, AUTH)


@pytest.mark.parametrize(
    "auth", ["", "AAAA", AUTH[:-2], AUTH + "AAAA", "?" * 22, "\x00", "ä" * 22, "A" * 500]
)
def test_what_is_no_secret(auth: str) -> None:
    with pytest.raises(ApiError, match="Invalid auth"):
        keys(P256DH, auth)
