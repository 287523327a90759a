"""Log lines on standard error: one line an event, UTC, level, logger, text.

Secrets are never passed to a logger: no request bodies, headers, keys, tokens or mail texts.
"""

import logging
import sys
import time

FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"


def setup(level: str) -> None:
    """Send the root logger to standard error; `level` is a name such as INFO."""
    formatter = logging.Formatter(FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
