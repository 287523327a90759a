"""The page behind the link that shows that a new address is one's own. GET asks, since mail scanners follow
links; POST does it."""

from typing import Any

from appliance.actions.user import address
from appliance.http.page import Form, Visit


def _facts(visit: Visit, token: str) -> dict[str, Any]:
    with visit.services.store.read() as reader:
        user, email = address.pending_move(reader, token, visit.services.clock.now())
    return {"whose": user, "email": email}


def _confirm(visit: Visit, token: str) -> str:
    email = _facts(visit, token)["email"]
    address.confirm_move(visit.services.store, token)
    return visit.show("address_confirmed.html", email=email)


# It goes by the link and not by who is signed in, so there is nothing that another site could make use of.
PAGES = (Form("/confirm-email/<token>", "confirm_address.html", _confirm, _facts, foreign=True),)
