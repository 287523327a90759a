"""Content that only one browser or phone can read: RFC 8291, in the coding aes128gcm of RFC 8188.

Not for import at start: with cryptography it takes 14 MB. On armv7l there is none.
"""

import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from appliance.model.push_key import decoded

RECORD = 4096  # bytes, of which a push has one; what every push service takes (RFC 8291, 4)
LARGEST = 3993  # bytes of content that fit: RECORD − 86 of header − 16 of AES-GCM's tag − 1 that ends it
LAST_RECORD = b"\x02"


def encrypt(content: bytes, keys: Mapping[str, str]) -> bytes:
    """The body of a push; `keys` are those of Device. Raises ValueError: too large, or keys that are none."""
    return encrypt_with(content, keys, generate_private_key(SECP256R1()), os.urandom(16))


def encrypt_with(content: bytes, keys: Mapping[str, str], own: EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """`own` and `salt`: made for this one push."""
    if len(content) > LARGEST:
        raise ValueError(f"more than {LARGEST} bytes")
    theirs = decoded(keys["p256dh"])
    ours = point(own.public_key())
    shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), theirs))
    secret = _derived(shared, decoded(keys["auth"]), b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4) + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, content + LAST_RECORD, None)


def point(key: EllipticCurvePublicKey) -> bytes:
    """Uncompressed, as the RFCs have keys."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
