"""Counters and gauges, in the text form that Prometheus scrapes.

A counter is bumped from any thread without a lock: `+=` on a dict value may lose a count under contention,
and a lock on every request costs more than such a count is worth. A gauge is a function asked when scraped.
"""

from collections.abc import Callable
from typing import TypeVar

Labels = tuple[tuple[str, str], ...]
M = TypeVar("M", "Counter", "Gauge")


class Counter:
    def __init__(self, name: str, help: str) -> None:
        self.name, self.help = name, help
        self.values: dict[Labels, float] = {}

    def add(self, amount: float = 1, **labels: str) -> None:
        key = tuple(labels.items())
        self.values[key] = self.values.get(key, 0) + amount


class Gauge:
    def __init__(self, name: str, help: str, read: Callable[[], dict[Labels, float] | float]) -> None:
        self.name, self.help, self.read = name, help, read

    @property
    def values(self) -> dict[Labels, float]:
        now = self.read()
        return now if isinstance(now, dict) else {(): now}


class Metrics:
    """Every metric of the process; built once by the runtime and passed to who counts."""

    def __init__(self) -> None:
        self._all: dict[str, Counter | Gauge] = {}

    def counter(self, name: str, help: str) -> Counter:
        """Who asks for the same name counts together."""
        found = self._all.get(name)
        return found if isinstance(found, Counter) else self._add(Counter(name, help))

    def gauge(self, name: str, help: str, read: Callable[[], dict[Labels, float] | float]) -> Gauge:
        return self._add(Gauge(name, help, read))

    def _add(self, metric: M) -> M:
        self._all[metric.name] = metric
        return metric

    def values(self, name: str) -> dict[Labels, float]:
        """Of one metric at this moment; empty if there is none of that name."""
        found = self._all.get(name)
        return found.values if found else {}

    @property
    def names(self) -> list[str]:
        return list(self._all)

    def text(self) -> str:
        return "".join(_exposition(metric) for metric in self._all.values())


def _exposition(metric: Counter | Gauge) -> str:
    kind = type(metric).__name__.lower()
    lines = [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {kind}"]
    lines += [f"{metric.name}{_labels(labels)} {value:g}" for labels, value in sorted(metric.values.items())]
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels) + "}"


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
