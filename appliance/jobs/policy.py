"""How a queue treats its jobs: what its worker declares, and what the configuration overrides."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

DEAD_LETTER, DROP = "dead letter", "drop"
ENDS = {"dead": DEAD_LETTER, "drop": DROP}
MOST_GROWTH = 100  # times; more is more than any number
HALF_TO_THREE_HALVES = (0.5, 1.5)  # jitter: what failed together is not tried again together


@dataclass(frozen=True, slots=True)
class Policy:
    """A job is tried `attempts` times; then it is `exhausted`: a dead letter, or dropped.

    The pause before a retry is `first_pause` seconds at first, then `growth` times the one before, up to
    `longest_pause`, ±50 %.
    `timeout`: seconds for each event, None: as long as it takes. `concurrency`: threads of each shard, the
    second and those after it started when they are first needed.
    `batch_size` and `sleep_delay` (seconds in which a batch gathers) are those of loop workers.
    `prefetch`: jobs of a shard that are in memory, ready or running; the others wait in the file.
    `shards`: queues `NAME_shardN` into which it is split by user.
    """

    attempts: int = 4
    first_pause: float = 1.0
    growth: float = 2.0
    longest_pause: float = 600.0
    timeout: float | None = 30.0
    concurrency: int = 1
    batch_size: int = 100
    sleep_delay: float = 1.0
    prefetch: int = 100
    shards: int = 1
    exhausted: str = DEAD_LETTER

    def pause(self, failed_tries: int) -> float:
        grown = self.first_pause * self.growth ** min(failed_tries - 1, MOST_GROWTH)
        even = min(grown, self.longest_pause)
        return even * random.uniform(*HALF_TO_THREE_HALVES)

    def overridden(self, settings: Mapping[str, str]) -> "Policy":
        """With fields given as text. Raises ValueError, to be completed by the queue's name."""
        unknown = settings.keys() - FIELDS.keys()
        if unknown:
            raise ValueError(f"has no {min(unknown)}: there are {', '.join(FIELDS)}")
        changes: dict[str, Any] = {name: _parsed(name, text) for name, text in settings.items()}
        return replace(self, **changes)


def _parsed(name: str, text: str) -> object:
    parse, form = FIELDS[name]
    try:
        return parse(text)
    except ValueError:
        raise ValueError(f"{name} must be {form}, not {text!r}") from None


def _whole(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000:
        raise ValueError
    return number


def _factor(text: str) -> float:
    number = float(text)
    if not 1 <= number <= 100:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 30 * 86400:
        raise ValueError
    return number


def _limit(text: str) -> float | None:
    return None if text == "none" else _seconds(text) or None


def _end(text: str) -> str:
    if text not in ENDS:
        raise ValueError
    return ENDS[text]


_COUNT, _TIME = (_whole, "a whole number from 1"), (_seconds, "seconds")
FIELDS: dict[str, tuple[Callable[[str], object], str]] = {
    "attempts": _COUNT,
    "first_pause": _TIME,
    "growth": (_factor, "a number from 1 to 100"),
    "longest_pause": _TIME,
    "timeout": (_limit, "seconds, or none"),
    "concurrency": _COUNT,
    "batch_size": _COUNT,
    "sleep_delay": _TIME,
    "prefetch": _COUNT,
    "shards": _COUNT,
    "exhausted": (_end, "dead or drop"),
}
