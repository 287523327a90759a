"""Files that browsers fetch, the documents around the page's modules, and what makes an app of it."""

import gzip
import re
import struct
from typing import Any

import pytest

from appliance.http import shell, static
from appliance.model.user import User
from tests.http.conftest import Client
from tests.http.site import Browser, Site

OLDER = "/static/0123456789abcdef"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def browser(site: Site) -> Browser:
    return site.browser()


# -- files


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("pages.css", "text/css; charset=UTF-8"),
        ("app.js", "text/javascript"),
        ("icon.png", "image/png"),
        ("emoji_names.json", "application/json"),
    ],
)
def test_what_a_page_names_is_kept_for_ever(browser: Browser, name: str, content_type: str) -> None:
    answer = browser.get(static.address(name))
    assert (answer.status, answer.headers["Content-Type"]) == (200, content_type)
    assert answer.headers["Cache-Control"] == "max-age=31536000, immutable"
    assert "ETag" not in answer.headers  # nobody asks for it again
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/static/app.js", "public, max-age=3600"), (f"{OLDER}/app.js", "no-cache"), ("/worker.js", "no-cache")],
)
def test_what_others_ask_for_is_that_of_today(browser: Browser, path: str, kept: str) -> None:
    """Such as a page from before an upgrade."""
    answer = browser.get(path)
    assert answer.headers["Cache-Control"] == kept
    assert answer.body == browser.get(static.address(path.rpartition("/")[2])).body


@pytest.mark.parametrize(
    "path", ["/static/icon.png", "/static/emoji_names.json", f"{OLDER}/app.js", "/avatar/1"]
)
def test_it_is_not_sent_twice(browser: Browser, olga: User, path: str) -> None:
    first = browser.get(path)
    again = browser.get(path, **{"If-None-Match": f"W/{first.headers['ETag']}"})
    assert (again.status, again.body) == (304, b"")
    assert browser.get(path, **{"If-None-Match": '"other"'}).body == first.body != b""


@pytest.mark.parametrize("name", ["emoji_names.json", "style/app.css", "joined/app.js"])
def test_it_is_sent_as_small_as_can_be(browser: Browser, name: str) -> None:
    path = f"{OLDER}/{name}"
    plain, packed = browser.get(path), browser.get(path, **GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert (packed.headers["Vary"], packed.headers["ETag"]) == ("Accept-Encoding", plain.headers["ETag"])
    assert gzip.decompress(packed.body) == plain.body
    assert packed.body == gzip.compress(plain.body, 9, mtime=0)


def test_head_says_what_get_would(site: Site, browser: Browser) -> None:
    path, client = f"{OLDER}/app.js", Client(site.runtime.port)
    client.send(f"HEAD {path}")
    told, full = client.read(body=False), browser.get(path)
    client.close()
    assert (told.status, told.headers["Content-Length"]) == (200, str(len(full.body)))
    assert told.headers["Etag"] == full.headers["ETag"]


@pytest.mark.parametrize(
    "name",
    ["", "pages.html", "..%2fmodel%2fuser.py", "%2e%2e/model/user.py", "x" * 5000, "0123456789abcdef/user.py",
     "0123456789abcdef/", "0123456789abcde/app.js", "0123456789abcdef/0123456789abcdef/app.js"],
)  # fmt: skip
def test_no_other_file_is_given(browser: Browser, name: str) -> None:
    assert browser.get(f"/static/{name}").status == 404


# -- the documents around the modules

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob: https: http:",
    "media-src": "'self' blob: https: http:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "page",
}


def directives(policy: str) -> dict[str, str]:
    pairs = (each.strip().partition(" ") for each in policy.split(";"))
    return {name: value for name, _, value in pairs}


@pytest.mark.parametrize(("path", "frames"), [("/", "'none'"), ("/admin", "'self'")])
def test_no_script_runs_but_ours(site: Site, olga: User, path: str, frames: str) -> None:
    headers = site.signed_in(olga).get(path).headers
    policy = directives(headers["Content-Security-Policy"])
    assert policy == {**CONTENT_SECURITY_POLICY, "frame-src": frames}
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "same-origin")


@pytest.mark.parametrize(("path", "one"), [("/", shell.CHAT), ("/admin", shell.ADMIN)])
def test_all_that_a_page_begins_with_is_there(site: Site, olga: User, path: str, one: shell.Shell) -> None:
    """And no script or style stands in the document itself."""
    browser = site.signed_in(olga)
    text = browser.get(path).text
    scripts = re.findall(r'<script type="module" [^>]*src="([^"]*)">', text)
    assert scripts == [static.address(each) for each in one.scripts]
    assert text.count("<script") == len(scripts)
    assert not re.search(r"<style|style=|\son\w+=", text)
    named = re.findall(r'(?:href|src)="(/[^"]*)"', text)
    assert {*scripts, static.address(one.style)} <= set(named)
    assert {each: browser.get(each).status for each in named} == dict.fromkeys(named, 200)


def test_modules_are_fetched_before_they_are_asked_for(site: Site, olga: User) -> None:
    text = site.signed_in(olga).get("/").text
    early = re.findall(r'<link rel="modulepreload" href="([^"]*)">', text)
    names = ["early-app-admin", "early-app", "app", "app-admin"]
    assert early == [static.address(f"joined/{each}.js") for each in names]


# -- installing


def manifest(browser: Browser) -> dict[str, Any]:
    answer = browser.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "no-cache"
    found: dict[str, Any] = answer.json
    return found


def test_it_can_be_installed(site: Site, browser: Browser, olga: User) -> None:
    told = manifest(browser)
    assert (told["name"], told["short_name"]) == ("My team", "My team")
    assert (told["id"], told["start_url"], told["scope"], told["display"]) == ("/", "/", "/", "standalone")
    site.signed_in(olga).api("PATCH", "/realm", name="Harbour & Söhne, all of them")
    told = manifest(browser)
    assert (told["name"], told["short_name"]) == ("Harbour & Söhne, all of them", "Harbour & S…")


def test_its_icons_have_their_sizes(browser: Browser) -> None:
    icons = manifest(browser)["icons"]
    assert {(each["sizes"], each["purpose"]) for each in icons} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for each in icons:
        width, height = struct.unpack(">II", browser.get(each["src"]).body[16:24])
        assert f"{width}x{height}" == each["sizes"]


def test_the_worker_serves_all_pages_and_loads_nothing_of_others(browser: Browser) -> None:
    answer = browser.get("/worker.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
