"""The HTML of mails in the outbox, for a frame of the admin console: a document that can do nothing.

For everybody who may not read the mail there is nothing at these addresses.
"""

import bottle

from appliance.base.errors import ApiError
from appliance.http.endpoint import refuse
from appliance.http.routes.admin_mails import folder, readable
from appliance.http.services import Services
from appliance.http.visitor import visitor
from appliance.outside import sent_mail

HEADERS = {
    "Content-Type": "text/html; charset=UTF-8",
    # No scripts, no forms, an origin of its own, nothing from elsewhere; mails have their styles inside.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def mount(app: bottle.Bottle, services: Services) -> None:
    app.route("/admin/mails/<name>", "GET", lambda name: _serve(services, name))


def _serve(services: Services, name: str) -> bytes:
    try:
        user = visitor(services)
    except ApiError as error:
        return refuse(error)
    found = readable(services, user, name) if user else None
    html = sent_mail.body(folder(services), name, "html") if found else ""
    if not html:
        raise bottle.HTTPError(404)
    for header, value in HEADERS.items():
        bottle.response.set_header(header, value)
    return html.encode()
