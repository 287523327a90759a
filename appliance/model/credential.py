"""Passwords, keys and tokens: how they are made, kept and compared."""

import hashlib
import secrets
import string

from appliance.base.errors import ApiError

ALPHABET = string.ascii_letters + string.digits
MIN_PASSWORD, MAX_PASSWORD = 8, 100
COST, BLOCK, LANES = 2**14, 8, 5  # scrypt: 80 ms on a small server


def new_api_key() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(32))


def new_token() -> str:
    """For links and sessions; only its `token_hash` is stored."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def same(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode(), known.encode())


def check_password(password: str) -> str:
    if len(password) < MIN_PASSWORD:
        raise ApiError(f"The password is too short: {MIN_PASSWORD} characters at least.")
    if len(password) > MAX_PASSWORD:
        raise ApiError(f"The password is too long: {MAX_PASSWORD} characters at most.")
    return password


def hash_password(password: str) -> str:
    """ "scrypt$N$r$p$salt$hash", the last two in hex."""
    salt = secrets.token_bytes(16)
    return f"scrypt${COST}${BLOCK}${LANES}${salt.hex()}${_scrypt(password, salt, COST, BLOCK, LANES).hex()}"


def verify_password(password: str, kept: str | None) -> bool:
    """Takes as long for nobody's password as for somebody's."""
    _, cost, block, lanes, salt, expected = (kept or _NOBODY).split("$")
    found = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return secrets.compare_digest(found, bytes.fromhex(expected)) and kept is not None


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=64 << 20, dklen=32)


_NOBODY = f"scrypt${COST}${BLOCK}${LANES}${'00' * 16}${'00' * 32}"
