"""Telling systemd how the service is doing (sd_notify(3)); nothing happens without systemd."""

import os
import socket


def notify(state: str) -> None:
    """Send e.g. "READY=1"."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.sendto(state.encode(), address)
