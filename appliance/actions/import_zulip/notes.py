"""What an import has left out, or made of it, for the person who runs it."""

from collections import Counter


class Notes:
    """Counts by sentence."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, text: str, number: int = 1) -> None:
        if number:
            self._counts[text] += number

    def lines(self) -> list[str]:
        """Each with how often, in order."""
        return [f"{text}: {number}" for text, number in sorted(self._counts.items())]
