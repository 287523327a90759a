"""The key by which push services know this server (RFC 8292), and the tokens that it signs.

DATA/vapid.pem holds it. Browsers subscribe for this key alone, so it stays for good; it is made when somebody
first asks for it.
"""

import re
import threading
import time
from base64 import b64decode
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from appliance.base import files
from appliance.model.push_key import encoded
from appliance.outside.road import RoadUnusable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

FILE_NAME = "vapid.pem"
LIFE = 12 * 3600.0  # seconds that a token is valid; 24 h at most
RENEWED = LIFE / 2  # seconds before its end, so that a clock which is wrong by hours does no harm
MOST_TOKENS = 1000

# A key of P-256 in PKCS #8 is these bytes around the secret (32) and the public point (65). Reading it so, a
# server that sends no push does without the 14 MB of cryptography.
_PEM = re.compile(r"\s*-----BEGIN PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----\s*")
_BEFORE = bytes.fromhex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420")
_BETWEEN = bytes.fromhex("a144034200")
_DER = re.compile(re.escape(_BEFORE) + b".{32}" + re.escape(_BETWEEN) + b"(\x04.{64})", re.DOTALL)


class Vapid:
    """Any thread may ask."""

    def __init__(self, folder: Path, contact: str, now: Callable[[], float] = time.time) -> None:
        """`contact`: a mail address. Writes nothing. Raises RoadUnusable: the file is there, and broken."""
        self._path, self._contact, self._now = folder / FILE_NAME, contact, now
        self._lock = threading.Lock()  # guards the file while it is made, and the fields below
        self._public = self._read()
        self._tokens: dict[str, tuple[float, str]] = {}  # until when one is used, by audience; oldest first

    def public_key(self) -> str:
        """What browsers call applicationServerKey. Raises RoadUnusable."""
        with self._lock:
            self._public = self._public or self._read() or self._make()
            return encoded(self._public)

    def authorization(self, audience: str) -> str:
        """The header for a push service; `audience`: its origin. Raises RoadUnusable."""
        public = self.public_key()
        with self._lock:
            return f"vapid t={self._token(audience)}, k={public}"

    def forget(self, audience: str) -> None:
        """The token was not taken: sign a new one next time."""
        with self._lock:
            self._tokens.pop(audience, None)

    def _token(self, audience: str) -> str:
        """Lock held."""
        now = self._now()
        good_until, token = self._tokens.get(audience, (0.0, ""))
        if not now < good_until <= now + LIFE:  # past, or the clock was set back
            token = self._signed(audience, now + LIFE)
            self._tokens.pop(audience, None)
            self._tokens[audience] = now + LIFE - RENEWED, token
            if len(self._tokens) > MOST_TOKENS:
                del self._tokens[next(iter(self._tokens))]
        return token

    def _signed(self, audience: str, expires: float) -> str:
        import jwt

        claims = {"aud": audience, "exp": int(expires), "sub": f"mailto:{self._contact}"}
        return jwt.encode(claims, self._private, "ES256")

    @cached_property
    def _private(self) -> "EllipticCurvePrivateKey":
        """The file is there."""
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(self._path.read_bytes(), None)
        except (OSError, ValueError):
            raise self._broken() from None
        assert isinstance(key, EllipticCurvePrivateKey)
        return key

    def _read(self) -> bytes | None:
        """The public point; None: there is no file yet."""
        try:
            pem = _PEM.fullmatch(self._path.read_text("ascii"))
            key = _DER.fullmatch(b64decode(pem[1])) if pem else None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RoadUnusable(f"{self._path} cannot be read: {error.strerror}") from None
        except ValueError:  # not ASCII, not base64
            key = None
        if key is None:
            raise self._broken()
        return key[1]

    def _broken(self) -> RoadUnusable:
        return RoadUnusable(
            f"{self._path} is not the key that was made here: put back the one of your backup, or take it"
            " away; then a new one is made, and people have to switch pushes on anew in each browser"
        )

    def _make(self) -> bytes:
        """Lock held."""
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        from appliance.outside.encryption import point

        key = generate_private_key(SECP256R1())
        try:
            files.replace(self._path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        except OSError as error:
            raise RoadUnusable(f"{self._path} cannot be written: {error.strerror}") from None
        return point(key.public_key())
