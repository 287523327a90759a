"""Pages for those who join: with an invitation or a link, or where anybody may."""

from typing import Any

from appliance.actions.realm import joining
from appliance.actions.realm.joining import Newcomer
from appliance.http.page import Form, Page, Visit
from appliance.http.session import sign_in


def _join_facts(visit: Visit, token: str) -> dict[str, Any]:
    """`confirm`: the address must be, before anything else is asked."""
    store = visit.services.store
    found = joining.invited(store, token, visit.services.clock.now())
    with store.read() as reader:
        return {"invitation": found, "confirm": joining.must_confirm(reader, found)}


def _join(visit: Visit, token: str) -> str:
    services = visit.services
    if _join_facts(visit, token)["confirm"]:
        _spend_mail(visit)
        joining.ask_by_link(services.store, token, visit.typed("email"), services.public_url)
        return _asked(visit)
    newcomer = Newcomer(visit.typed("full_name"), visit.typed("password"), visit.typed("email"))
    return sign_in(visit, joining.join(services.store, token, newcomer))


def _open_facts(visit: Visit) -> dict[str, Any]:
    joining.check_open_to_all(visit.services.store)
    return {}


def _ask(visit: Visit) -> str:
    _spend_mail(visit)
    joining.ask(visit.services.store, visit.typed("email"), visit.services.public_url)
    return _asked(visit)


def _spend_mail(visit: Visit) -> None:
    """Nobody's mailbox is filled by strangers. Raises RateLimited."""
    visit.services.mails.spend(visit.typed("email").strip().lower())


def _asked(visit: Visit) -> str:
    return visit.show("asked.html", email=visit.typed("email"))


PAGES: tuple[Form | Page, ...] = (
    Form("/join/<token>", "join.html", _join, _join_facts),
    Form("/register", "register.html", _ask, _open_facts),
)
