"""The page at /: who is signed in finds out how to connect a client, and adds colleagues."""

from typing import Any
from urllib.parse import urlsplit

import bottle

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import api_key, login_link
from appliance.actions.user import creation as user_actions
from appliance.http import address, joining, session, unsubscribe
from appliance.http.page import Form, Page, Visit
from appliance.http.services import Services
from appliance.model import permission
from appliance.model.user import Role
from appliance.store import user as users

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def mount(app: bottle.Bottle, services: Services) -> None:
    for each in (*PAGES, *session.PAGES, *joining.PAGES, *unsubscribe.PAGES, *address.PAGES):
        each.mount(app, services)


def _front(visit: Visit) -> str:
    if visit.user:
        return HOME.show(visit)
    if realm_actions.has_owner(visit.services.store):
        return session.SIGN_IN.show(visit)
    return visit.show("unowned.html")


def _home_facts(visit: Visit) -> dict[str, Any]:
    """`only_here`: the address that clients are told leads nowhere on another machine."""
    me = visit.me
    with visit.services.store.read() as reader:
        people = [each for each in users.everyone(reader) if each.is_active]
    return {
        "me": me,
        "people": sorted(people, key=lambda each: each.full_name.casefold()),
        "only_here": urlsplit(visit.services.public_url).hostname in LOOPBACK,
    }


def _add_person(visit: Visit) -> str:
    permission.check_admin(visit.me)
    store = visit.services.store
    added = user_actions.create(
        store,
        email=visit.typed("email"),
        full_name=visit.typed("full_name"),
        role=Role.MEMBER,
        password=None,
        welcomed=True,
    )
    link = f"{visit.services.public_url}/login/{login_link.make(store, added)}"
    return visit.show("added.html", added=added, link=link, days=login_link.LIFETIME // 86_400)


def _zuliprc(visit: Visit) -> str:
    text = api_key.zuliprc(visit.me, visit.services.public_url)
    bottle.response.set_header("Content-Type", "text/plain; charset=UTF-8")
    bottle.response.set_header("Content-Disposition", 'attachment; filename="zuliprc"')
    return text


HOME = Form("/people", "home.html", _add_person, _home_facts)
PAGES = (
    Page("GET", "/", _front),
    HOME,
    Page("GET", "/zuliprc", _zuliprc),
)
