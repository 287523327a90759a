"""Domains of the organization: owners add, change and remove them."""

from typing import Any

from appliance.actions.realm import organization as realm_actions
from appliance.base.errors import ApiError
from appliance.model import permission
from appliance.model import realm_domain as model
from appliance.model.realm_domain import Domain
from appliance.model.user import User
from appliance.store import realm as realms
from appliance.store import realm_domain as domains
from appliance.store import user as users
from appliance.store.connection import Handle
from appliance.store.store import Store
from appliance.store.transaction import Transaction

RESTRICTED = "emails_restricted_to_domains"


def add(store: Store, user: User, domain: Domain) -> None:
    """Raises ApiError."""
    permission.check_owner(user)
    name = model.check(domain.domain)

    def write(transaction: Transaction) -> None:
        known = [each.domain for each in domains.everything(transaction)]
        if len(known) >= model.MOST:
            raise ApiError(f"An organization can have {model.MOST} domains at most.")
        if name in known:
            raise ApiError(f"The domain {name} is there already.")
        _put(transaction, Domain(name, domain.allow_subdomains), "add")

    store.write(write)


def change(store: Store, user: User, domain: Domain) -> None:
    """Raises ApiError."""
    permission.check_owner(user)

    def write(transaction: Transaction) -> None:
        _check_exists(transaction, domain.domain)
        _put(transaction, domain, "change")

    store.write(write)


def _put(transaction: Transaction, domain: Domain, op: str) -> None:
    domains.put(transaction, domain)
    _tell(transaction, op, realm_domain=model.public(domain))


def remove(store: Store, user: User, domain: str) -> None:
    """With the last one the restriction to them ends, as nobody at all could come. Raises ApiError."""
    permission.check_owner(user)

    def write(transaction: Transaction) -> None:
        _check_exists(transaction, domain)
        domains.remove(transaction, domain)
        if realms.get(transaction).setting(RESTRICTED) and not domains.everything(transaction):
            realm_actions.set_property(transaction, RESTRICTED, False)
        _tell(transaction, "remove", domain=domain)

    store.write(write)


def _check_exists(handle: Handle, domain: str) -> None:
    if all(each.domain != domain for each in domains.everything(handle)):
        raise ApiError(f"There is no domain {domain}.")


def _tell(transaction: Transaction, op: str, **what: Any) -> None:
    transaction.notice({"type": "realm_domains", "op": op, **what}, users.active_ids(transaction))
