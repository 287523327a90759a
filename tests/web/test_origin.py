"""What people upload comes from the origin of the page: it must never become code of it.

The policy of the server's pages is switched off here: what the files say of themselves is the only bar.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.process.client import Person, request
from tests.web.window import Site, Window

BOUNDARY = "----origin"
SCRIPT = "self.ran = true; self.postMessage?.(true);"  # a service worker has no such function
STYLE = "body { --ran: true }"
NAMES = ("a.js", "a.mjs", "a.css", "a.txt", "a.html", "a.json", "a.pdf", "a.svg")
TYPES = (
    "text/javascript",
    "application/x-javascript",
    "text/css",
    "text/plain",
    "text/html",
    "application/json",
)

# Each resolves to whether the file at `address` ran.
WAYS = {
    "script": """(address) => new Promise((done) => {
        const script = document.createElement("script");
        script.onload = script.onerror = () => done(window.ran === true);
        script.src = address;
        document.head.append(script);
    })""",
    "module": "(address) => import(address).then(() => true, () => false)",
    "style": """(address) => new Promise((done) => {
        const link = document.createElement("link");
        const ran = () => done(getComputedStyle(document.body).getPropertyValue("--ran") !== "");
        Object.assign(link, { rel: "stylesheet", href: address, onload: ran, onerror: ran });
        document.head.append(link);
    })""",
    "worker": """(address) => new Promise((done) => {
        const worker = new Worker(address);
        worker.onmessage = () => done(true);
        worker.onerror = () => done(false);
    })""",
    "service worker": "(at) => navigator.serviceWorker.register(at).then(() => true, () => false)",
}


def upload(person: Person, name: str, content: str, content_type: str) -> str:
    """Its address."""
    lines = (
        f"--{BOUNDARY}",
        f'Content-Disposition: form-data; name="file"; filename="{name}"',
        f"Content-Type: {content_type}",
        "",
        content,
        f"--{BOUNDARY}--",
        "",
    )
    headers = {
        "Authorization": person.authorization,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    body = "\r\n".join(lines).encode()
    answer = request(person.port, "POST", "/api/v1/user_uploads", body=body, headers=headers)
    url: str = answer.body["url"]
    return url


@pytest.fixture
def files(site: Site) -> list[str]:
    """Scripts and styles, under all the names and types that may make them be taken for such."""
    hamlet = site.person("hamlet")
    kinds = [*((name, "application/octet-stream") for name in NAMES), *(("a.bin", kind) for kind in TYPES)]
    contents = [(STYLE if "css" in name + kind else SCRIPT, name, kind) for name, kind in kinds]
    return [upload(hamlet, name, content, kind) for content, name, kind in contents]


@pytest.fixture
def lawless(chromium: Browser, site: Site) -> Iterator[Page]:
    """One of the server's, without its policy."""
    window = Window(chromium, site, "hamlet", lawful=False)
    window.page.goto(f"{site.server.url}/forgot")
    yield window.page
    window.close()


@pytest.mark.parametrize("way", WAYS)
def test_no_file_runs(lawless: Page, files: list[str], way: str) -> None:
    ran = {address: lawless.evaluate(WAYS[way], address) for address in files}
    assert ran == dict.fromkeys(files, False)


@pytest.mark.parametrize("way", ["script", "module", "style", "worker"])
def test_the_ways_are_ways(lawless: Page, way: str) -> None:
    """Else the test above would prove nothing."""
    kind, content = ("text/css", STYLE) if way == "style" else ("text/javascript", SCRIPT)
    lawless.route("**/ours", lambda route: route.fulfill(body=content, content_type=kind))
    assert lawless.evaluate(WAYS[way], "/ours") is True


def test_the_servers_own_worker_is_one(lawless: Page) -> None:
    assert lawless.evaluate(WAYS["service worker"], "/worker.js") is True
