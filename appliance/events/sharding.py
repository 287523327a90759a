"""Which shard of the event system a person's queues are in, and the port at which it is asked for.

A realm's ports are found by its host; each port stands for a shard, and a person's is `user_id` modulo their
number. Pure functions: the server has the listeners (http/server.py), events/shards.py the shards themselves.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.base.values import ShardRule

Ports = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShardMap:
    """`hosts` are exact, in lower case; `regexes` are tried in order; `default` is for all other realms."""

    hosts: Mapping[str, Ports]
    regexes: tuple[tuple[re.Pattern[str], Ports], ...]
    default: Ports

    @classmethod
    def of(cls, rules: Sequence[ShardRule], main: int) -> "ShardMap":
        """`main`: the port that everything is served at, if there are no rules. Rules without one for all
        other realms give those the first port that is named."""
        by_host = {rule.host: rule.ports for rule in rules}
        default = by_host.pop("", (rules[0].ports[0],) if rules else (main,))
        exact = {host: ports for host, ports in by_host.items() if not host.startswith("~")}
        regexes = [(re.compile(host[1:], re.I), by_host[host]) for host in by_host if host not in exact]
        return cls(exact, tuple(regexes), default)

    def ports(self, host: str) -> Ports:
        """Of the realm at `host`. A regex matches from the beginning of it."""
        exact = self.hosts.get(host.lower())
        if exact is not None:
            return exact
        return next((ports for regex, ports in self.regexes if regex.match(host)), self.default)

    def port(self, host: str, user_id: int) -> int:
        return port_of(user_id, self.ports(host))


def port_of(user_id: int, ports: Ports) -> int:
    return ports[user_id % len(ports)]


def notify_queue_name(port: int, ports: Ports) -> str:
    """Of the queue that notices for the shard at `port` go through; `ports` are those of all shards."""
    return "notify_tornado" if len(ports) == 1 else f"notify_tornado_port_{port}"


def split(users: Iterable[Any], shard: Callable[[int], int]) -> dict[int, list[Any]]:
    """The `users` of a notice (ids, or objects with an id) by shard, or its port, in their order."""
    by_shard: dict[int, list[Any]] = defaultdict(list)
    for user in users:
        by_shard[shard(user if isinstance(user, int) else user["id"])].append(user)
    return dict(by_shard)


def redirect(port: int, path_and_query: str) -> str:
    """The X-Accel-Redirect that makes the proxy in front ask the shard at `port` instead."""
    return f"/internal/tornado/{port}{path_and_query}"
