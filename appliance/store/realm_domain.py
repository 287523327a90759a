"""SQL of the organization's domains."""

from appliance.model.realm_domain import Domain
from appliance.store.connection import Handle
from appliance.store.transaction import Transaction


def everything(handle: Handle) -> list[Domain]:
    rows = handle.rows("SELECT domain, allow_subdomains FROM realm_domain ORDER BY domain")
    return [Domain(domain, bool(allow_subdomains)) for domain, allow_subdomains in rows]


def put(transaction: Transaction, domain: Domain) -> None:
    transaction.execute(
        "INSERT INTO realm_domain VALUES (?1, ?2) ON CONFLICT DO UPDATE SET allow_subdomains = ?2",
        domain.domain,
        int(domain.allow_subdomains),
    )


def remove(transaction: Transaction, domain: str) -> None:
    transaction.execute("DELETE FROM realm_domain WHERE domain = ?", domain)
