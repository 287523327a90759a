"""Domains of the organization: who keeps them, and what everybody is told."""

from collections.abc import Callable

import pytest

from appliance.actions.realm import domain as actions
from appliance.actions.realm import organization as realm_actions
from appliance.actions.realm import setting as realm_setting
from appliance.base.errors import ApiError
from appliance.model.realm_domain import Domain
from tests.actions.conftest import Team, Told

OURS = Domain("example.org", allow_subdomains=False)


def refusal(attempt: Callable[[], object]) -> str:
    with pytest.raises(ApiError) as raised:
        attempt()
    return raised.value.msg


def test_a_domain_from_its_coming_to_its_going(team: Team, told: Told) -> None:
    actions.add(team.store, team.olga, Domain(" Example.ORG ", allow_subdomains=True))
    actions.change(team.store, team.olga, OURS)
    actions.remove(team.store, team.olga, "example.org")
    events = [event for event, _ in told.look()]
    shown = {"domain": "example.org", "allow_subdomains": True}
    assert events == [
        {"type": "realm_domains", "op": "add", "realm_domain": shown},
        {"type": "realm_domains", "op": "change", "realm_domain": {**shown, "allow_subdomains": False}},
        {"type": "realm_domains", "op": "remove", "domain": "example.org"},
    ]


def test_it_stands_once(team: Team) -> None:
    actions.add(team.store, team.olga, OURS)
    said = refusal(lambda: actions.add(team.store, team.olga, OURS))
    assert said == "The domain example.org is there already."


def test_what_is_not_there_is_not_found(team: Team) -> None:
    assert refusal(lambda: actions.change(team.store, team.olga, OURS)) == (
        "There is no domain example.org."
    )
    assert (
        refusal(lambda: actions.remove(team.store, team.olga, "x.org")) == "There is no domain x.org."
    )


def test_with_the_last_one_the_restriction_to_them_ends(team: Team, told: Told) -> None:
    actions.add(team.store, team.olga, OURS)
    actions.add(team.store, team.olga, Domain("example.net", allow_subdomains=False))
    realm_setting.change(team.store, team.olga, {"emails_restricted_to_domains": True})
    actions.remove(team.store, team.olga, "example.org")
    assert realm_actions.get(team.store).setting("emails_restricted_to_domains") is True
    told.look()
    actions.remove(team.store, team.olga, "example.net")
    update, removal = (event for event, _ in told.look())
    assert (update["property"], update["value"]) == ("emails_restricted_to_domains", False)
    assert removal["op"] == "remove"


def test_only_owners_keep_them(team: Team, told: Told) -> None:
    said = "Must be an organization owner"
    assert refusal(lambda: actions.add(team.store, team.ann, OURS)) == said
    assert refusal(lambda: actions.change(team.store, team.ann, OURS)) == said
    assert refusal(lambda: actions.remove(team.store, team.ann, "example.org")) == said
    assert told.look() == []
