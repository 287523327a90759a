"""From a person to the shard of their queues: the rule, its port, and what is said to a proxy."""

import pytest

from appliance.base.values import ShardRule
from appliance.events.sharding import ShardMap, notify_queue_name, port_of, redirect, split

MAIN = 9991
RULES = (
    ShardRule("", (9800, 9801)),
    ShardRule("~^chat[.]", (9802, 9803, 9804)),
    ShardRule("chat.example.org", (9805,)),
    ShardRule("~^chat", (9806,)),
)


@pytest.mark.parametrize(  # checklist 205
    ("host", "user_id", "port"),
    [
        ("chat.example.org", 7, 9805),  # exact, although a regex matches, too
        ("CHAT.example.org", 8, 9805),
        ("chat.example.com", 7, 9803),  # the first regex that matches
        ("Chat.example.com", 8, 9804),
        ("chat.example.com", 9, 9802),
        ("chat-two.example.com", 9, 9806),
        ("our.chat.example.com", 8, 9800),  # a regex matches from the beginning
        ("example.org", 9, 9801),
        ("example.org", 10, 9800),
    ],
)
def test_the_port_of_somebody(host: str, user_id: int, port: int) -> None:
    assert ShardMap.of(RULES, MAIN).port(host, user_id) == port


def test_without_rules_all_is_at_the_main_port() -> None:
    assert {ShardMap.of((), MAIN).port("example.org", user_id) for user_id in range(10)} == {MAIN}


def test_realms_without_a_rule_are_at_the_first_port() -> None:
    shards = ShardMap.of(RULES[2:], MAIN)
    assert shards.ports("chat.example.org") == (9805,)
    assert shards.ports("example.org") == (9805,)


def test_people_are_spread_evenly() -> None:
    ports = (9800, 9801, 9802)
    found = [port_of(user_id, ports) for user_id in range(300)]
    assert {found.count(port) for port in ports} == {100}


def test_the_queue_of_a_port() -> None:
    assert notify_queue_name(MAIN, (MAIN,)) == "notify_tornado"
    assert notify_queue_name(9801, (9800, 9801)) == "notify_tornado_port_9801"


def test_the_users_of_a_notice_are_split_by_port() -> None:  # checklist 207
    flagged = [{"id": number, "flags": ["read"]} for number in (4, 5)]
    parts = split([1, 2, 3, *flagged], lambda user_id: port_of(user_id, (9800, 9801)))
    assert parts == {9801: [1, 3, flagged[1]], 9800: [2, flagged[0]]}


def test_nobody_is_split_into_nothing() -> None:
    assert split([], lambda user_id: MAIN) == {}


def test_what_the_proxy_is_told() -> None:
    path = "/api/v1/events?queue_id=a%2Fb&last_event_id=-1"
    assert redirect(9801, path) == f"/internal/tornado/9801{path}"
