"""The push service is told of the server, and says whether it pushes for it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from appliance.actions.realm import push_service
from appliance.jobs.verdict import Drop, Retry
from appliance.model.push_status import PushStatus
from appliance.outside.road import Push
from appliance.outside.roads import Roads
from appliance.store import realm as realms
from appliance.store.store import Store
from appliance.workers import push_listening
from appliance.workers.parts import Parts
from appliance.workers.push_server_data import PushServerData
from tests.conftest import MovableClock
from tests.outside.bouncer import Bouncer, Reply, refusal
from tests.outside.bouncer_road import phone, road_to
from tests.workers.conftest import Team

ON, OFF = PushStatus(True, None), PushStatus(False, None)


@pytest.fixture
def bouncer() -> Iterator[Bouncer]:
    with Bouncer() as bouncer:
        yield bouncer


@pytest.fixture
def parts(parts: Parts, bouncer: Bouncer, clock: MovableClock) -> Iterator[Parts]:
    """Those of a server that is registered."""
    to_phones = road_to(bouncer, clock)
    bouncer.records.realms.clear()
    made = replace(parts, roads=Roads({"bouncer": to_phones}))
    push_listening.follow(made)
    yield made
    to_phones.close()


def kept(store: Store) -> PushStatus:
    with store.read() as reader:
        return realms.get(reader).push_status


def upload(team: Team, *, statistics: bool = True) -> None:
    team.consume(PushServerData, team.enqueue(push_service.UPLOAD, {"statistics": statistics}))


def test_the_first_upload_makes_the_organization_known(team: Team, bouncer: Bouncer) -> None:
    # checklist 237, 276
    bouncer.records.until = 1_800_000_000
    upload(team, statistics=False)
    [realm] = bouncer.records.realms.values()
    assert realm["url"] == "https://chat.test"
    assert kept(team.store) == PushStatus(True, 1_800_000_000)
    assert (bouncer.paths(), bouncer.records.counts["realm_counts"]) == (["server/analytics"], [])


def test_statistics_go_once_a_day(team: Team, bouncer: Bouncer) -> None:
    upload(team)
    first = len(bouncer.records.counts["realm_counts"])
    upload(team)
    assert len(bouncer.records.counts["realm_counts"]) == first > 0
    assert len(bouncer.records.counts["installation_counts"]) == first


def test_the_service_may_push_for_us_no_more(team: Team, bouncer: Bouncer) -> None:
    push_service.change(team.store, ON)
    bouncer.records.can_push = False
    upload(team)
    assert kept(team.store) == OFF


FAILURES = [
    (Reply(503), Retry, ON),  # never switches off
    (Reply(how="closes"), Retry, OFF),
    (refusal("Auth failure", "INVALID_ZULIP_SERVER", 401), Drop, OFF),
    (refusal("Data is out of order.", "BAD_REQUEST"), Drop, OFF),
    (Reply(200, b"<h1>Log in to this hotel</h1>"), Drop, OFF),
]


@pytest.mark.parametrize(("reply", "verdict", "after"), FAILURES)
def test_what_failures_mean(
    team: Team, bouncer: Bouncer, reply: Reply, verdict: type[Exception], after: PushStatus
) -> None:
    push_service.change(team.store, ON)
    bouncer.replies = [reply]
    with pytest.raises(verdict):
        upload(team)
    assert kept(team.store) == after


@pytest.mark.parametrize(("reply", "verdict", "_"), FAILURES)
def test_none_matters_while_pushes_go_through(
    team: Team, bouncer: Bouncer, clock: MovableClock, reply: Reply, verdict: type[Exception], _: PushStatus
) -> None:
    push_service.heard(team.store, ON, clock.now())
    bouncer.replies = [reply]
    with pytest.raises(verdict):
        upload(team)
    assert kept(team.store) == ON


@pytest.mark.parametrize("realms_answered", [b"[]", b'{"x": 1}', b"null", b'"text"'])
def test_an_answer_that_makes_no_sense_changes_nothing(
    team: Team, bouncer: Bouncer, realms_answered: bytes
) -> None:
    push_service.change(team.store, ON)
    bouncer.replies = [Reply(200, b'{"result": "success", "realms": %b}' % realms_answered)]
    upload(team, statistics=False)
    assert kept(team.store) == ON


def test_without_the_service_there_is_nothing_to_do(team: Team, parts: Parts, bouncer: Bouncer) -> None:
    team.parts = replace(parts, roads=Roads({}))
    upload(team)
    assert bouncer.asked == []


@pytest.mark.parametrize(("can_push", "after"), [(True, ON), (False, OFF)])
def test_what_a_push_is_answered_is_kept(
    team: Team, parts: Parts, bouncer: Bouncer, can_push: bool, after: PushStatus
) -> None:
    push_service.change(team.store, PushStatus(not can_push, None))
    bouncer.records.can_push = can_push
    with team.store.read() as reader:
        uuid = realms.get(reader).uuid
    bouncer.records.realms[uuid] = {}
    road = parts.roads.named("bouncer")
    assert road is not None
    payload = {"realm_uuid": uuid, "apns_payload": {}, "gcm_payload": {}, "gcm_options": {}}
    road.send([Push((phone(1),), payload)], lambda: 5.0)
    assert kept(team.store) == after
