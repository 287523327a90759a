"""The keys with which a browser, or a UnifiedPush app, lets pushes be encrypted for it alone (RFC 8291)."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from appliance.base.errors import ApiError

POINT, AUTH = 65, 16  # bytes: an uncompressed point of P-256, and a secret
LONGEST = 200  # characters of either

# The curve P-256 (FIPS 186-5): y² = x³ − 3x + B modulo P.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def keys(p256dh: str, auth: str) -> dict[str, str]:
    """As they are stored: base64url, without padding. Raises ApiError."""
    point, secret = _decoded("p256dh", p256dh), _decoded("auth", auth)
    if not _on_curve(point):
        raise ApiError("Invalid p256dh: it is not a point of the curve P-256")
    if len(secret) != AUTH:
        raise ApiError(f"Invalid auth: it is not {AUTH} bytes long")
    return {"p256dh": encoded(point), "auth": encoded(secret)}


def encoded(content: bytes) -> str:
    """In base64url without padding (RFC 7515)."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _decoded(name: str, given: str) -> bytes:
    """Some clients send base64's other alphabet, or the padding."""
    text = given.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        found = decoded(text)
    except (ValueError, binascii.Error):
        found = b""
    if len(given) > LONGEST or not found or encoded(found) != text:
        raise ApiError(f"Invalid {name}: it is not base64url")
    return found


def _on_curve(point: bytes) -> bool:
    if len(point) != POINT or point[0] != 4:
        return False
    x, y = int.from_bytes(point[1:33]), int.from_bytes(point[33:])
    return x < P and y < P and (y * y - x**3 + 3 * x - B) % P == 0
