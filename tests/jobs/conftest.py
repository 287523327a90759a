"""The disk whose flushes a test holds up."""

from tests.store.conftest import disk

__all__ = ["disk"]
