"""Uploaded files at their addresses: those of messages for who may read them, pictures of people, emoji and
the organization for everybody.

What people have uploaded may be anything, and comes from the origin of the API: browsers must neither guess
what it is nor run it, and show themselves only what cannot hold a script.
"""

from typing import Any

import bottle

from appliance.actions.file import attachment as actions
from appliance.base.errors import ApiError
from appliance.http.endpoint import refuse
from appliance.http.files import PRIVATE, PUBLIC, Body, disposition, send
from appliance.http.services import Services
from appliance.http.visitor import visitor
from appliance.model import attachment as model
from appliance.model import picture, public_picture, thumbnail
from appliance.model.attachment import INLINE, PDF, Attachment
from appliance.store.uploads import Uploads

NO_SCRIPTS = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
FOR_PDF = "default-src 'none'; object-src 'self'; plugin-types application/pdf"  # viewers fail in a sandbox
KINDS = {ending: kind for kind, ending in picture.ENDINGS.items()}


def mount(app: bottle.Bottle, services: Services) -> None:
    def route(path: str, serve: Any) -> None:
        app.route(path, "GET", lambda **parts: _answer(serve, services, **parts))

    route(f"{model.ROUTE}/temporary/<key>/<path_id:path>", _temporary)
    route(f"{model.ROUTE}/thumbnail/<path_id:path>/<name>", _thumbnail)
    route(f"{model.ROUTE}/download/<path_id:path>", _download)
    route(f"{model.ROUTE}/<path_id:path>", _file)
    route(f"{public_picture.ROUTE}/<path:path>", _picture)


def _answer(serve: Any, services: Services, **parts: str) -> Body:
    try:
        body: Body = serve(services, **parts)
    except ApiError as error:
        return refuse(error)
    return body


def _file(services: Services, path_id: str) -> Body:
    return _send(services, _readable(services, path_id))


def _download(services: Services, path_id: str) -> Body:
    """To be saved, whatever it is."""
    return _send(services, _readable(services, path_id), saves=True)


def _temporary(services: Services, key: str, path_id: str) -> Body:
    """For whoever has the key."""
    now = services.clock.now()
    found = (
        actions.existing(services.store, path_id) if model.opens(services.secret, key, path_id, now) else None
    )
    if found is None:
        raise bottle.HTTPError(404)
    return _send(services, found)


def _thumbnail(services: Services, path_id: str, name: str) -> Body:
    """While it is not made yet, or cannot be, the picture itself."""
    found = _readable(services, path_id)
    if name not in thumbnail.BY_NAME or found.content_type not in picture.KINDS:
        raise bottle.HTTPError(404)
    path = services.store.uploads.thumbnail(path_id, name)
    if not path.exists():
        return _send(services, found, cache="no-store")
    return send(
        path, {"Content-Type": "image/webp", "Cache-Control": PRIVATE, **_POLICY}, tag=f"{found.id}-{name}"
    )


def _picture(services: Services, path: str) -> Body:
    """Of a person, the organization, or an emoji."""
    if not public_picture.PATH.fullmatch(path):
        raise bottle.HTTPError(404)
    return send_picture(services.store.uploads, path, PUBLIC)


def send_picture(uploads: Uploads, path: str, cache: str) -> Body:
    """One that everybody may see. `cache`: how long it may be kept."""
    kind = KINDS.get(path.rpartition(".")[2], "image/jpeg")
    headers = {"Content-Type": kind, "Cache-Control": cache, **_POLICY}
    return send(uploads.avatar(path), headers, tag=path.rpartition("/")[2])


def _readable(services: Services, path_id: str) -> Attachment:
    """For who may not read it, or is not known, there is none."""
    user = visitor(services)
    found = actions.find(services.store, user, path_id) if user else None
    if found is None:
        raise bottle.HTTPError(404)
    return found


_POLICY = {"Content-Security-Policy": NO_SCRIPTS}


def _send(services: Services, file: Attachment, *, saves: bool = False, cache: str = PRIVATE) -> Body:
    shows = file.content_type in INLINE and not saves
    kind = model.sent_type(file.content_type)
    headers = {
        "Content-Type": kind + ("; charset=UTF-8" if kind == "text/plain" else ""),
        "Content-Disposition": disposition("inline" if shows else "attachment", file.name),
        "Content-Security-Policy": FOR_PDF if file.content_type == PDF else NO_SCRIPTS,
        "Cache-Control": cache,
    }
    return send(services.store.uploads.file(file.path_id), headers, tag=str(file.id))
