"""Google's Firebase Cloud Messaging for tests, and for who wants to watch: `python -m tests.outside.fcm`.

Access tokens and messages over HTTP on 127.0.0.1, checked as Google does; it gives any answer it is told to.
"""

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.outside.authority import private

PROJECT, EMAIL, KEY_ID = "a-project", "pushes@a-project.example", "key-1"
FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
_KEY = rsa.generate_private_key(65537, 2048)  # takes a while: one for all


@dataclass(frozen=True)
class Reply:
    """`body` is sent as it is. `hangs`: until the server stops, nothing is."""

    status: int = 200
    body: bytes = b'{"name":"projects/a-project/messages/1"}'
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False


def refusal(status: int, code: str, *, headers: dict[str, str] | None = None, bad: str = "") -> Reply:
    """`code`: FCM's own; `bad`: the field that is at fault."""
    details: list[dict[str, Any]] = [{"@type": FCM_ERROR, "errorCode": code}]
    if bad:
        details.append({"@type": BAD_REQUEST, "fieldViolations": [{"field": bad, "description": "bad"}]})
    error = {"code": status, "status": "SOME_STATUS", "message": "in words", "details": details}
    return Reply(status, json.dumps({"error": error}).encode(), headers or {})


class Fcm(ThreadingHTTPServer):
    """Listens on 127.0.0.1:`port`, a thread for each connection.

    `replies`: what a registration token gets instead of a 200; `token_reply`: instead of an access token.
    `received`: the messages that were taken; `good`: the access tokens that are.
    """

    daemon_threads = True

    def __init__(self, folder: Path, *, latency: float = 0.0, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.latency = latency
        self.received: list[dict[str, Any]] = []
        self.replies: dict[str, Reply] = {}
        self.token_reply: Reply | None = None
        self.good: set[str] = set()
        self.tokens_given = 0
        self.expires_in = 3599
        self.stopping = threading.Event()
        self.seen: Callable[[dict[str, Any]], None] = lambda message: None
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.account_file = folder / "account.json"
        self.account_file.write_text(json.dumps(self.account()))
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), name="fcm", daemon=True)
        self._thread.start()

    def account(self) -> dict[str, str]:
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": KEY_ID,
            "private_key": private(_KEY).decode(),
            "client_email": EMAIL,
            "token_uri": f"{self.url}/token",
        }

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()
        self._thread.join(10)

    def wait(self) -> None:
        """Until it is stopped."""
        self._thread.join()

    def give_token(self, form: dict[str, list[str]]) -> Reply:
        try:
            claims = jwt.decode(
                form["assertion"][0], _KEY.public_key(), algorithms=["RS256"], audience=f"{self.url}/token"
            )
            assert claims["iss"] == EMAIL
            assert claims["scope"].endswith("/firebase.messaging")
            assert claims["exp"] - claims["iat"] <= 3600
        except (jwt.PyJWTError, AssertionError, KeyError):
            return Reply(400, b'{"error":"invalid_grant","error_description":"Invalid JWT Signature."}')
        self.tokens_given += 1
        token = f"access-{self.tokens_given}"
        self.good.add(token)
        given = {"access_token": token, "expires_in": self.expires_in, "token_type": "Bearer"}
        return self.token_reply or Reply(body=json.dumps(given).encode())

    def take(self, path: str, authorization: str, body: dict[str, Any]) -> Reply:
        if authorization.removeprefix("Bearer ") not in self.good:
            return Reply(401, b'{"error":{"code":401,"status":"UNAUTHENTICATED"}}')
        if path != f"/v1/projects/{PROJECT}/messages:send":
            return Reply(404, b"<html>not found</html>")
        message = body["message"]
        if mistake := _mistake(message):
            return refusal(400, "INVALID_ARGUMENT", bad=mistake)
        reply = self.replies.get(message["token"], Reply())
        if reply.status == 200 and not reply.hangs:
            self.received.append(message)
            self.seen(message)
        return reply


def _mistake(message: dict[str, Any]) -> str:
    """The field that Google would not take."""
    if any(not isinstance(value, str) for value in message["data"].values()):
        return "message.data"
    if message["android"]["priority"] not in ("HIGH", "NORMAL"):
        return "message.android.priority"
    return ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Fcm

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            reply = self.server.give_token(parse_qs(body.decode()))
        else:
            time.sleep(self.server.latency)
            reply = self.server.take(self.path, self.headers.get("Authorization", ""), json.loads(body))
        if reply.hangs:
            self.server.stopping.wait()
            self.close_connection = True
            return
        self._say(reply)

    def _say(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Quiet."""


def main() -> None:
    """Optional argument: the port."""
    with tempfile.TemporaryDirectory(prefix="fcm-") as folder:
        fcm = Fcm(Path(folder), port=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
        fcm.seen = lambda message: print(json.dumps(message, indent=2), flush=True)
        print(
            f"export APPLIANCE_PUSH_FCM_SERVER={fcm.url}\n"
            f"export APPLIANCE_PUSH_FCM_CREDENTIALS={fcm.account_file}",
            flush=True,
        )
        fcm.wait()


if __name__ == "__main__":
    main()
