"""A push service for tests, and the browsers behind it: it checks who sends (VAPID), and decrypts.

By hand: `python -m tests.outside.web_push_service [PORT]` prints what to subscribe with, and then each push.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)

from appliance.model.push_key import decoded, encoded
from appliance.outside.encryption import point
from tests.outside.post_sink import Posted, PostSink, Reply


class Browser:
    """Has a subscription at `endpoint`, and the secrets that go with it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._private: EllipticCurvePrivateKey = generate_private_key(SECP256R1())
        self._auth = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": encoded(point(self._private.public_key())), "auth": encoded(self._auth)}

    @property
    def subscription(self) -> dict[str, str]:
        """The parameters of POST /appliance/web_push."""
        return {"endpoint": self.endpoint, **self.keys}

    def read(self, body: bytes) -> bytes:
        """Raises http_ece.ECEException."""
        content: bytes = http_ece.decrypt(
            body, private_key=self._private, auth_secret=self._auth, version="aes128gcm"
        )
        return content


@dataclass(frozen=True)
class Delivered:
    """A push that its browser has read."""

    browser: Browser
    content: Any
    posted: Posted


class WebPushService(PostSink):
    """Refuses (403) what is not signed, and (404) what is for no browser."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.delivered: list[Delivered] = []
        self.on_push: Callable[[Delivered], None] = self.delivered.append
        self._browsers: dict[str, Browser] = {}

    def browser(self) -> Browser:
        """A new one."""
        path = f"/push/{len(self._browsers) + 1}-{os.urandom(8).hex()}"
        self._browsers[path] = Browser(self.url + path)
        return self._browsers[path]

    def forget(self, browser: Browser) -> None:
        del self._browsers[urlsplit(browser.endpoint).path]

    def take(self, posted: Posted) -> Reply:
        reply = super().take(posted)
        if (reply.status, reply.how) != (201, "whole"):
            return reply
        browser = self._browsers.get(posted.path)
        if browser is None:
            return Reply(404)
        try:
            claims(posted, self.url)
        except (jwt.InvalidTokenError, ValueError):
            return Reply(403)
        self.on_push(Delivered(browser, json.loads(browser.read(posted.body)), posted))
        return reply


def claims(posted: Posted, audience: str) -> dict[str, Any]:
    """Of the token by which the sender says who it is. Raises jwt.InvalidTokenError, ValueError."""
    scheme, _, rest = posted.headers["authorization"].partition(" ")
    if scheme != "vapid":
        raise ValueError(scheme)
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(parts["k"]))
    found: dict[str, Any] = jwt.decode(
        parts["t"], key, ["ES256"], audience=audience, options={"require": ["exp", "aud", "sub"]}
    )
    if found["exp"] > time.time() + 86_400:  # RFC 8292, 2
        raise ValueError("it is valid for too long")
    return found


def main() -> None:
    with WebPushService(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as service:
        browser = service.browser()
        service.on_push = lambda push: print(json.dumps(push.content, ensure_ascii=False), flush=True)
        print(f'config.toml:  [outside]\n              private_hosts = ["{service.server}"]')
        print(
            "subscribe:    POST /api/v1/appliance/web_push with", json.dumps(browser.subscription), flush=True
        )
        with suppress(KeyboardInterrupt):
            service.ended.wait()


if __name__ == "__main__":
    main()
