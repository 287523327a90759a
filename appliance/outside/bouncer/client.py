"""The endpoints of the push service, one method each. All raise BouncerError (answer.py)."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from appliance import ZULIP_VERSION
from appliance.model.device import Device
from appliance.outside.bouncer.account import Account
from appliance.outside.bouncer.answer import Incomprehensible, RetryLater, read
from appliance.outside.breaker import CircuitBreaker, Deferred, Unreachable
from appliance.outside.http import Answer, BadUrl, Http, Left

AGENT = {"User-Agent": f"ZulipServer/{ZULIP_VERSION}"}
ANSWERING, ANSWERING_LONG = 15.0, 90.0  # seconds; the second for statistics
TOKEN_KINDS = {"apns": 1, "fcm": 2}

Fields = dict[str, Any]


class Bouncer:
    """Any thread may call it, several at once. `who`: whose a token is, by user_id, user_uuid, realm_uuid."""

    def __init__(self, account: Account, breaker: CircuitBreaker) -> None:
        self.account = account
        self._breaker, self._http = breaker, Http()

    def register(self, device: Device, who: Fields, left: Left) -> Fields:
        app = {"ios_app_id": device.keys["app_id"]} if device.kind == "apns" else {}
        return self._form("push/register", {**who, **_token(device), **app}, left)

    def unregister(self, device: Device, who: Fields, left: Left) -> Fields:
        return self._form("push/unregister", {**who, **_token(device)}, left)

    def unregister_all(self, who: Fields, left: Left) -> Fields:
        return self._form("push/unregister/all", who, left)

    def notify(self, body: Fields, left: Left) -> Fields:
        """Counts of devices, those to forget, and what it thinks of the organization."""
        return self._json("push/notify", body, left)

    def test_notification(self, device: Device, body: Fields, left: Left) -> Fields:
        return self._json("push/test_notification", {**body, **_token(device)}, left)

    def register_encrypted(self, body: Fields, left: Left) -> int:
        """The id of the device there."""
        device_id = self._json("push/e2ee/register", body, left).get("device_id")
        if not isinstance(device_id, int):
            raise Incomprehensible(200)
        return device_id

    def notify_encrypted(self, body: Fields, left: Left) -> Fields:
        return self._json("push/e2ee/notify", body, left)

    def register_server(self, hostname: str, contact_email: str, left: Left) -> bool:
        """Make this server known, or change what is known of it; True: it was not known."""
        account = {"zulip_org_id": self.account.org_id, "zulip_org_key": self.account.org_key}
        form = {**account, "hostname": hostname, "contact_email": contact_email}
        return bool(self._form("server/register", form, left, signed=False).get("created"))

    def deactivate_server(self, left: Left) -> Fields:
        return self._form("server/deactivate", {}, left)

    def known_statistics(self, left: Left) -> Fields:
        """last_realm_count_id, last_installation_count_id, last_realmauditlog_id."""
        url = self._url("server/analytics/status")
        how: Fields = {"headers": AGENT, "auth": self._auth, "answering": ANSWERING_LONG}
        return self._asked(lambda: self._http.get(url, left=left, **how))

    def upload_statistics(self, tables: Fields, left: Left) -> Fields:
        """Each value becomes JSON of its own; the answer has {"realms": {uuid: status}}."""
        form = {name: orjson.dumps(value).decode() for name, value in tables.items()}
        return self._form("server/analytics", form, left, answering=ANSWERING_LONG)

    def close(self) -> None:
        self._http.close()

    def _form(
        self, path: str, form: Fields, left: Left, *, signed: bool = True, answering: float = ANSWERING
    ) -> Fields:
        data: Mapping[str, str] = {name: str(value) for name, value in form.items()}
        return self._post(path, left, data=data, auth=self._auth if signed else None, answering=answering)

    def _json(self, path: str, body: Fields, left: Left) -> Fields:
        return self._post(path, left, json=body, auth=self._auth, answering=ANSWERING)

    def _post(self, path: str, left: Left, **how: Any) -> Fields:
        return self._asked(lambda: self._http.post(self._url(path), left=left, headers=AGENT, **how))

    def _asked(self, ask: Callable[[], Answer]) -> Fields:
        try:
            with self._breaker.call():
                return read(ask())
        except RetryLater:
            raise
        except Deferred as error:
            raise RetryLater(str(error), error.wait, tried=False) from error
        except (Unreachable, BadUrl) as error:
            raise RetryLater(str(error)) from error

    def _url(self, path: str) -> str:
        return f"{self.account.url}/api/v1/remotes/{path}"

    @property
    def _auth(self) -> tuple[str, str]:
        return self.account.org_id, self.account.org_key


def _token(device: Device) -> Fields:
    return {"token": device.token, "token_kind": TOKEN_KINDS[device.kind]}
