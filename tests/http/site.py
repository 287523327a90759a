"""A running server in this process, and browsers that visit it."""

import http.client
import json
import re
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from appliance.actions.user import creation as user_actions
from appliance.actions.user import login_link
from appliance.actions.user import session as sessions
from appliance.base.config import Config
from appliance.base.options import DATA, LISTEN
from appliance.base.values import Address
from appliance.http.page import cookie_name
from appliance.model.user import Role, User
from appliance.runtime import Runtime
from appliance.store.store import Store
from tests.process.client import FORM, encoded

PASSWORD = "correct horse battery"


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def title(self) -> str:
        found = re.search("<h1[^>]*>(.*)</h1>", self.text)
        return found[1] if found else ""

    @property
    def error(self) -> str:
        found = re.search('role="alert"[^>]*>(.*)</p>', self.text)
        return found[1] if found else ""

    @property
    def goes_to(self) -> str:
        return self.headers["Location"] if self.status == 303 else ""

    @property
    def goes_home(self) -> bool:
        return self.goes_to == "/"

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cookie(self) -> "Morsel[str]":
        """The one that is set."""
        [cookie] = SimpleCookie(self.headers["Set-Cookie"]).values()
        return cookie


class Browser:
    """Keeps its session's cookie, and sends the Origin of the server with its forms."""

    def __init__(self, port: int, public_url: str = "") -> None:
        self._port, self._cookie = port, cookie_name(public_url)
        self.token = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self._request("GET", path, None, {"Accept": "text/html", **headers})

    def post(self, path: str, form: dict[str, str] | None = None, /, **headers: str) -> Answer:
        usual = {
            "Accept": "text/html",
            "Content-Type": FORM,
            "Origin": f"http://127.0.0.1:{self._port}",
        }
        return self._request("POST", path, urlencode(form or {}), {**usual, **_dashed(headers)})

    def api(self, method: str, path: str, /, **parameters: Any) -> Answer:
        """As the page calls it; `path` below /api/v1."""
        given, headers = encoded(parameters), {"X-Requested-With": "page", "Sec-Fetch-Site": "same-origin"}
        if method == "GET":
            return self._request(method, f"/api/v1{path}?{given}", None, headers)
        return self._request(method, f"/api/v1{path}", given, {"Content-Type": FORM, **headers})

    @property
    def signed_in_as(self) -> str | None:
        """A name."""
        answer = self.api("GET", "/users/me")
        return answer.json["full_name"] if answer.status == 200 else None

    def sign_in(self, email: str, password: str) -> Answer:
        return self.post("/login", {"email": email, "password": password})

    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self.token:
            headers = {"Cookie": f"{self._cookie}={self.token}", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        if answer.headers["Set-Cookie"]:
            self.token = answer.cookie.value
        return answer


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Site:
    """A running server in this process."""

    def __init__(self, folder: Path, settings: dict[Any, Any]) -> None:
        given = {DATA: folder, LISTEN: Address("127.0.0.1", 0), **settings}
        self.runtime = Runtime(Config({option: (value, "test") for option, value in given.items()}))
        self.runtime.start()

    @property
    def store(self) -> Store:
        return self.runtime.store

    def browser(self) -> Browser:
        return Browser(self.runtime.port, self.runtime.public_url)

    def add(self, name: str, role: Role = Role.MEMBER) -> User:
        email = f"{name.split()[0].lower()}@example.org"
        return user_actions.create(self.store, email=email, full_name=name, role=role, password=PASSWORD)

    def signed_in(self, user: User) -> Browser:
        browser = self.browser()
        browser.token = sessions.begin(self.store, user)
        return browser

    def link_to(self, user: User | None) -> str:
        """The path of a new link."""
        return f"/{'login' if user else 'owner'}/{login_link.make(self.store, user)}"
