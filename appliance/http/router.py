"""Which route answers a request: bottle's router, made for many routes."""

import bottle


class Router(bottle.Router):  # type: ignore[misc]
    """bottle's compiles the patterns of all routes again with each that is added, which with 150 of them
    takes a quarter of a start: here it is done once, by `ready`."""

    def __init__(self) -> None:
        super().__init__()
        self._added: set[str] = set()

    def _compile(self, method: str) -> None:
        self._added.add(method)

    def ready(self) -> None:
        """After the last route was added, and before the first request."""
        for method in self._added:
            super()._compile(method)
