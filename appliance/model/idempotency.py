"""A key that a client makes up for a message, and sends along whenever it tries to send it: in the header
Idempotency-Key. Who does not know whether a request arrived can so repeat it."""

from appliance.base.errors import ApiError

LONGEST = 100  # characters
KEPT = 24 * 3600  # seconds
MOST = 1000  # keys of one person; the oldest make room


def check(key: str | None) -> str | None:
    """Raises ApiError."""
    if key is None or (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        return key
    raise ApiError(f"Invalid Idempotency-Key: 1 to {LONGEST} printable characters of ASCII")
