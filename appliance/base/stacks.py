"""What every thread of the process does at this moment: for a server that hangs."""

import logging
import sys
import threading
import traceback

log = logging.getLogger(__name__)


def dump() -> None:
    """Into the log."""
    log.warning("the stacks of all threads:\n%s", text())


def text() -> str:
    """The stack of each thread under its name; places in programs only, no values."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        f"Thread {names.get(ident, ident)}:\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()
    )
