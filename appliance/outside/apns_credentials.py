"""Who we are to Apple: a provider token, signed with a key file (.p8), or a certificate (.pem).

Not for import at start: with apns2 it takes 15 MB. Credentials of apns2 whose connection is ours (http2.py):
its own loses pushes when threads share it.
"""

import ssl
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
from apns2.credentials import Credentials  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from appliance.base.clock import Clock
from appliance.outside.http import Answer
from appliance.outside.http2 import Connection
from appliance.outside.http2_exchange import Exchange
from appliance.outside.road import RoadUnusable

# Apple takes tokens of the last hour, and a new one every 20 minutes at most.
LIFETIME = 50 * 60  # seconds
LARGEST_PAYLOAD = 4096  # bytes
YOUNGEST = 20 * 60  # seconds that a token is used at least


class ApnsConnection(Connection):
    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Exchange:
        """With an id that follows from device and content: sent again, it is the same notification. What is
        too large is answered as Apple would."""
        if len(content) > LARGEST_PAYLOAD:
            refused = Exchange("", "", {}, b"")
            refused.answered(Answer(413, {}, b'{"reason":"PayloadTooLarge"}'))
            return refused
        apns_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{url} {content.decode()}")
        return super().post(url, content, {**headers, "apns-id": str(apns_id)})


class Ours(Credentials):  # type: ignore[misc]
    """`connection`: the only one, whichever client asks."""

    def __init__(self, context: ssl.SSLContext, host: str, port: int) -> None:
        super().__init__(context)
        self.connection = ApnsConnection(host, port, context)

    def create_connection(self, *_: Any) -> ApnsConnection:
        return self.connection

    def get_authorization_header(self, topic: str | None) -> str | None:
        return None

    def renew(self, refused: str | None) -> bool:
        """Whether there is another authorization than the one that was refused."""
        return False


class Certificate(Ours):
    def __init__(self, file: Path, host: str, port: int, clock: Clock) -> None:
        """`file` holds the certificate and its key. Raises RoadUnusable."""
        context = ssl.create_default_context()
        try:
            until = x509.load_pem_x509_certificate(_content(file)).not_valid_after_utc
            context.load_cert_chain(file, password=lambda: b"")  # else it would ask at the terminal
        except (ValueError, OSError):
            raise RoadUnusable(f"{file} holds no certificate with its key (without a password)") from None
        if until.timestamp() < clock.now():
            raise RoadUnusable(f"the certificate in {file} ended on {until:%Y-%m-%d}")
        super().__init__(context, host, port)


class Key(Ours):
    """Any thread may ask for the token."""

    def __init__(self, file: Path, key_id: str, team_id: str, host: str, port: int, clock: Clock) -> None:
        """Raises RoadUnusable."""
        self._key, self._key_id, self._team_id = _key(file), key_id, team_id
        self._clock = clock
        self._lock = threading.Lock()  # guards the two below
        self._header, self._made = "", 0.0
        super().__init__(ssl.create_default_context(), host, port)

    def get_authorization_header(self, topic: str | None) -> str:
        with self._lock:
            if not self._header or not 0 <= self._age() < LIFETIME:
                self._make()
            return self._header

    def renew(self, refused: str | None) -> bool:
        with self._lock:
            if self._header == refused and not 0 <= self._age() < YOUNGEST:
                self._make()
            return self._header != refused

    def _age(self) -> float:
        """Negative when the clock was set back."""
        return self._clock.now() - self._made

    def _make(self) -> None:
        self._made = self._clock.now()
        claims = {"iss": self._team_id, "iat": int(self._made)}
        token = jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._key_id})
        self._header = f"bearer {token}"


def _key(file: Path) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(_content(file), None)
    except (ValueError, TypeError):  # TypeError: it has a password
        key = None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise RoadUnusable(f"{file} is no key file (.p8) of Apple's")
    return key


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RoadUnusable(f"{file} cannot be read: {error.strerror}") from None
