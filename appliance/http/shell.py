"""The HTML around the page's modules: they build all that is seen."""

from typing import NamedTuple

import bottle

from appliance.http import static, transfer
from appliance.http.page import render
from appliance.model.user import User

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https: http:;"
    " media-src 'self' blob: https: http:; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types page"
)


class Shell(NamedTuple):
    """`scripts` and `style`: modules and a sheet of `appliance/static/`; the last one makes the page, those
    before it run as soon as they are there. `frames`: what it may show in frames."""

    scripts: tuple[str, ...]
    style: str
    frames: str = "'none'"


CHAT = Shell(("early.js", "app.js"), "style/app.css")
ADMIN = Shell(("admin/app.js",), "style/admin.css", frames="'self'")  # mails


THEMES = {2: "dark", 3: "light"}  # by the setting `color_scheme`; else as the device


def show(shell: Shell, title: str, user: User) -> bytes:
    """`title`: until the modules have run. The theme is there before them: nothing flashes."""
    policy = f"{CONTENT_SECURITY_POLICY}; frame-src {shell.frames}"
    bottle.response.set_header("Content-Security-Policy", policy)
    text = render(
        "shell.html",
        title=title,
        theme=THEMES.get(user.setting("color_scheme"), ""),
        style=shell.style,
        scripts=shell.scripts,
        modules=[each for each in static.modules().wanted(*shell.scripts) if each not in shell.scripts],
    )
    return transfer.compressed(text.encode())  # no secret is in it
