"""Where addresses of people of the organization may end."""

from appliance.actions.realm import domain as actions
from appliance.http.endpoint import Answer, Call, delete, get, patch, post
from appliance.model.parameter import Boolean, Text
from appliance.model.realm_domain import Domain, public
from appliance.store import realm_domain as domains

OWNERS = "owners"


@get("/realm/domains", differs="not described there")
def everything(call: Call) -> Answer:
    """The organization's domains."""
    with call.services.store.read() as reader:
        return {"domains": [public(each) for each in domains.everything(reader)]}


@post("/realm/domains", who=OWNERS, tells="realm_domains/add", differs="not described there")
def add(call: Call, *, domain: Text, allow_subdomains: Boolean) -> Answer:
    """Add a domain; the setting `emails_restricted_to_domains` says whether addresses must end there."""
    actions.add(call.services.store, call.user, Domain(domain, allow_subdomains))
    return {"new_domain": domain.strip().lower()}


@patch("/realm/domains/<domain>", who=OWNERS, tells="realm_domains/change", differs="not described there")
def change(call: Call, *, domain: str, allow_subdomains: Boolean) -> Answer:
    """Say whether the domains below a domain count as well."""
    actions.change(call.services.store, call.user, Domain(domain.lower(), allow_subdomains))
    return {}


@delete(
    "/realm/domains/<domain>",
    who=OWNERS,
    tells="realm_domains/remove realm/update",
    differs="not described there",
)
def remove(call: Call, *, domain: str) -> Answer:
    """Remove a domain."""
    actions.remove(call.services.store, call.user, domain.lower())
    return {}
