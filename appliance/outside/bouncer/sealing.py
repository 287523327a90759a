"""Encryption of a push for one device: what passes the push services tells them nothing.

The device makes a key and registers it: base64 of 33 bytes. The first names the form of what is encrypted
with it, and is always 0x31: libsodium's secret box (XSalsa20 and Poly1305), which begins with its nonce.
"""

import base64
from importlib.util import find_spec
from typing import Any

import orjson


def is_possible() -> bool:
    """Whether the library is there."""
    return find_spec("nacl") is not None


def sealed(payload: dict[str, Any], push_key: str) -> str:
    """Base64 of the encrypted JSON. Raises ImportError where the library is missing."""
    from nacl.secret import SecretBox  # 5 MB: only when it is needed

    box = SecretBox(base64.b64decode(push_key)[1:])
    return base64.b64encode(bytes(box.encrypt(orjson.dumps(payload)))).decode()
