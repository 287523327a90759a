"""The access tokens by which Google knows us: for each a statement signed with the key of a service account.

https://developers.google.com/identity/protocols/oauth2/service-account
"""

import threading
from dataclasses import dataclass, field

from appliance.base.clock import Clock
from appliance.base.errors import ApplianceError
from appliance.outside.breaker import Unreachable
from appliance.outside.http import Answer, Http, Left

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
STATEMENT = 3600  # seconds for which a statement is good, and a token at least asked for
LONGEST_WAIT = 20.0  # seconds for who renews it
BEFORE = 300  # seconds before its end at which a token is renewed


class Distrusted(ApplianceError):
    """Google does not know the service account: a person has to mend that."""


@dataclass(frozen=True, slots=True)
class Account:
    """A service account; `private_key` is PEM."""

    project_id: str
    client_email: str
    private_key_id: str
    token_uri: str
    private_key: str = field(repr=False)


class AccessToken:
    """Any thread may ask; one renews it while the others wait."""

    def __init__(self, account: Account, http: Http, clock: Clock) -> None:
        self._account, self._http, self._clock = account, http, clock
        self._lock = threading.Lock()  # guards the two below
        self._token, self._until = "", 0.0

    def get(self, left: Left, *, refused: str = "") -> str:
        """Another than the one that was `refused`. Raises Unreachable, Distrusted."""
        if not self._lock.acquire(timeout=max(0.0, min(LONGEST_WAIT, left()))):
            raise Unreachable("no access token came in time")
        try:
            if self._token == refused or not 0 < self._until - self._clock.now() <= STATEMENT:
                self._renew(left)
            return self._token
        finally:
            self._lock.release()

    def _renew(self, left: Left) -> None:
        form = {"grant_type": GRANT, "assertion": self._statement()}
        answer = self._http.post(self._account.token_uri, data=form, left=left)
        found = answer.json()
        token, seconds = found.get("access_token"), found.get("expires_in")
        if answer.status != 200 or not isinstance(token, str) or not isinstance(seconds, int):
            raise _refusal(answer)
        self._token = token
        self._until = self._clock.now() + min(seconds, STATEMENT) - BEFORE

    def _statement(self) -> str:
        import jwt

        now = int(self._clock.now())
        claims = {
            "iss": self._account.client_email,
            "scope": SCOPE,
            "aud": self._account.token_uri,
            "iat": now,
            "exp": now + STATEMENT,
        }
        headers = {"kid": self._account.private_key_id}
        return jwt.encode(claims, self._account.private_key, algorithm="RS256", headers=headers)


def _refusal(answer: Answer) -> ApplianceError:
    if answer.status in (400, 401, 403):
        return Distrusted(f"Google does not accept the service account (status {answer.status})")
    return Unreachable(f"Google gives out no access token (status {answer.status})")
