"""One file per queue."""
