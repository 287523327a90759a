"""How far something is, on a terminal."""

import sys

WIDTH = 40  # of the bar


class Bar:
    def __init__(self, *, shown: bool) -> None:
        self._shown, self._longest = shown, 0

    def step(self, words: str, done: int, of: int) -> None:
        """`words`: with {done} and {of}."""
        if self._shown:
            filled = min(WIDTH, WIDTH * done // of) if of else WIDTH
            line = f"[{'#' * filled:{WIDTH}}] {words.format(done=done, of=of)}"
            self._longest = max(self._longest, len(line))
            print(f"\r{line:{self._longest}}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown:
            print(file=sys.stderr)
