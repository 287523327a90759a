"""What the push service is told of the server."""

from typing import Any

import pytest

from appliance.actions.realm import server_data
from appliance.actions.realm.server_data import ROOM
from appliance.store import presence, push_day
from appliance.store.push_day import DAY, KEPT
from tests.actions.conftest import PRIVATE, PUBLIC, Team
from tests.conftest import MovableClock

URL, KEY = "https://chat.test:8443", "k" * 64
NOTHING_KNOWN = {"last_realm_count_id": 0, "last_installation_count_id": 0, "last_realmauditlog_id": 0}


def told(team: Team, clock: MovableClock, known: dict[str, int] | None = NOTHING_KNOWN) -> dict[str, Any]:
    return server_data.tables(team.store, URL, KEY, clock.now(), known)


def counted(tables: dict[str, Any]) -> dict[tuple[str, str | None], int]:
    return {(each["property"], each["subgroup"]): each["value"] for each in tables["installation_counts"]}


def test_the_organization(team: Team, clock: MovableClock) -> None:
    tables = told(team, clock)
    [realm] = tables["realms"]
    assert (realm["host"], realm["url"], realm["name"]) == ("chat.test:8443", URL, "My team")
    assert (tables["version"], tables["api_feature_level"]) == ("10.1", 372)
    assert KEY not in str(tables)


def test_its_secret_stays_the_same(team: Team, clock: MovableClock) -> None:
    secrets = {told(team, clock)["realms"][0]["uuid_owner_secret"] for _ in range(2)}
    assert len(secrets) == 1


def test_counts_of_yesterday(team: Team, clock: MovableClock) -> None:
    # checklist 276
    team.send(team.ann, PUBLIC)
    team.send(team.ann, PRIVATE)
    team.send(team.bob, PRIVATE)
    team.write_to(team.ann, team.bob)
    team.write_to(team.ann, team.bob, team.erin)
    seen = int(clock.now())
    team.store.write(lambda transaction: presence.put(transaction, team.ann.id, seen, seen))
    team.store.write(lambda transaction: push_day.add(transaction, 2))
    team.store.write(lambda transaction: push_day.add(transaction, 1))
    clock.advance(DAY)
    team.send(team.ann, PUBLIC)
    assert counted(told(team, clock)) == {
        ("active_users_audit:is_bot:day", "false"): 5,
        ("active_users_audit:is_bot:day", "true"): 0,
        ("1day_actives::day", None): 1,
        ("7day_actives::day", None): 1,
        ("messages_sent:message_type:day", "public_stream"): 1,
        ("messages_sent:message_type:day", "private_stream"): 2,
        ("messages_sent:message_type:day", "private_message"): 1,
        ("messages_sent:message_type:day", "huddle_message"): 1,
        ("mobile_pushes_sent::day", None): 3,
    }


def test_those_of_the_organization_are_those_of_the_server(team: Team, clock: MovableClock) -> None:
    tables = told(team, clock)
    assert tables["realm_counts"] == [{**each, "realm": 1} for each in tables["installation_counts"]]


def test_ids_rise_and_say_the_day(team: Team, clock: MovableClock) -> None:
    rows = told(team, clock)["realm_counts"]
    yesterday = int(clock.now()) // DAY - 1
    assert [each["id"] for each in rows] == [yesterday * ROOM + place for place in range(len(rows))]
    assert {each["end_time"] for each in rows} == {float((yesterday + 1) * DAY)}


def test_what_the_service_has_is_not_sent_again(team: Team, clock: MovableClock) -> None:
    last = told(team, clock)["realm_counts"][-1]["id"]
    known = {"last_realm_count_id": last, "last_installation_count_id": last}
    assert told(team, clock, known)["realm_counts"] == []
    clock.advance(DAY)
    assert told(team, clock, known)["realm_counts"][0]["id"] > last


def test_without_statistics_there_are_no_counts(team: Team, clock: MovableClock) -> None:
    tables = told(team, clock, None)
    assert (tables["realm_counts"], tables["installation_counts"], len(tables["realms"])) == ([], [], 1)


@pytest.mark.parametrize(("days", "left"), [(KEPT, 1), (KEPT + 1, 0)])
def test_old_days_of_pushes_are_forgotten(team: Team, clock: MovableClock, days: int, left: int) -> None:
    day = int(clock.now()) // DAY
    team.store.write(lambda transaction: push_day.add(transaction, 1))
    clock.advance(days * DAY)
    team.store.write(lambda transaction: push_day.add(transaction, 1))
    with team.store.read() as reader:
        assert push_day.count(reader, day) == left
