"""Faces of people: their own pictures, or their initials on a colour of their own. Public, as Zulip's are."""

import html

import bottle

from appliance.http.files import Body
from appliance.http.services import Services
from appliance.http.static import MAX_AGE, cacheable
from appliance.http.uploaded import send_picture
from appliance.model import public_picture
from appliance.store import user as users

GOLDEN_ANGLE = 137  # degrees: neighbouring ids get colours that are far apart

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">
<rect width="100" height="100" fill="hsl({hue}, 45%, 34%)"/>
<text x="50" y="50" dy="0.35em" text-anchor="middle" fill="#fff" font-size="44"
 font-family="system-ui, sans-serif">{initials}</text>
</svg>
"""


def mount(app: bottle.Bottle, services: Services) -> None:
    path = "/avatar/<user_id:re:[0-9]{1,15}>"
    app.route(path, "GET", lambda user_id: _serve(services, int(user_id)))
    app.route(f"{path}/medium", "GET", lambda user_id: _serve(services, int(user_id), medium=True))


def _serve(services: Services, user_id: int, *, medium: bool = False) -> Body:
    with services.store.read() as reader:
        user = users.with_id(reader, user_id)
    if user is None:
        raise bottle.HTTPError(404)
    if user.avatar_file is not None:
        path = public_picture.medium(user.avatar_file) if medium else user.avatar_file
        return send_picture(services.store.uploads, path, f"public, max-age={MAX_AGE}")
    bottle.response.set_header("Content-Security-Policy", "default-src 'none'")
    return cacheable(draw(user_id, user.full_name).encode(), "image/svg+xml; charset=UTF-8")


def draw(user_id: int, full_name: str) -> str:
    return SVG.format(hue=user_id * GOLDEN_ANGLE % 360, initials=html.escape(initials(full_name)))


def initials(full_name: str) -> str:
    """Of the first word and the last."""
    words = full_name.split()
    return "".join(word[0].upper() for word in [*words[:1], *words[1:][-1:]])
