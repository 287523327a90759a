"""Tables in Markdown, and what is said of many measurements."""

import statistics
from collections.abc import Sequence


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], *notes: str) -> None:
    """Print a section as README.md has it."""
    lines = [f"### {title}", "", _line(headings), _line(["---"] * len(headings)), *map(_line, rows)]
    print("\n".join([*lines, *(f"\n{note}" for note in notes)]), end="\n\n", flush=True)


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def rounds(values: Sequence[float], digits: int = 0) -> str:
    """The median of several rounds, and between what they lay."""
    low, middle, high = (
        f"{each:,.{digits}f}" for each in (min(values), statistics.median(values), max(values))
    )
    return f"**{middle}** ({low}–{high})"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all (0 to 1) do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def milliseconds(seconds: Sequence[float]) -> str:
    """Median and 99th percentile."""
    return " / ".join(f"{percentile(seconds, share) * 1000:.2f}" for share in (0.5, 0.99))
