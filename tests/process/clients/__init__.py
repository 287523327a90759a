"""Clients as they are published, unmodified, against the real server."""
