"""The pages for browsers: what opens at "/" and at "/admin"."""

import bottle

from appliance.actions.realm import organization as realm_actions
from appliance.http import address, forgotten, joining, manifest, session, shell, unsubscribe
from appliance.http.page import Page, Visit, refuse
from appliance.http.services import Services


def mount(app: bottle.Bottle, services: Services) -> None:
    for each in (
        *PAGES,
        *session.PAGES,
        *forgotten.PAGES,
        *joining.PAGES,
        *unsubscribe.PAGES,
        *address.PAGES,
        *manifest.PAGES,
    ):
        each.mount(app, services)


def _front(visit: Visit) -> str | bytes:
    if visit.user:
        return shell.show(shell.CHAT, realm_actions.get(visit.services.store).name, visit.user)
    if realm_actions.has_owner(visit.services.store):
        return session.SIGN_IN.show(visit)
    return visit.show("unowned.html")


def _admin(visit: Visit) -> str | bytes:
    if not visit.me.is_admin:
        return refuse(403, "Only administrators may look after the server.")
    return shell.show(shell.ADMIN, realm_actions.get(visit.services.store).name, visit.me)


PAGES = (
    Page("GET", "/", _front),
    Page("GET", "/admin", _admin),
)
