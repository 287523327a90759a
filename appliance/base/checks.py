"""What can be said of a configuration and its folder at once, without asking anybody."""

import shutil
from collections.abc import Callable
from pathlib import Path

from appliance.base.config import Config
from appliance.base.finding import Finding
from appliance.base.options import DATA, DURABILITY, MAIL_HOST, PUBLIC_URL

LEAST_FREE = 200 << 20  # bytes


def disk(config: Config) -> Finding:
    folder: Path = config.get(DATA)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    text = f"{free >> 20} MiB free"
    if free < LEAST_FREE:
        return Finding("disk", "error", f"{text}: make room, messages will be refused soon")
    return Finding("disk", "ok", text)


def address(config: Config) -> Finding:
    url = config.get(PUBLIC_URL)
    if not url:
        return Finding(
            "address", "warning", "server.public_url is not set: links in mails lead to this machine only"
        )
    if url.startswith("http://"):
        return Finding("address", "warning", f"{url} is not encrypted: put a TLS proxy in front")
    return Finding("address", "ok", url)


def mail(config: Config) -> Finding:
    host = config.get(MAIL_HOST)
    if not host:
        return Finding("mail", "warning", "mail.host is not set: mails are written to the folder outbox")
    return Finding("mail", "ok", f"sent through {host}")


def durability(config: Config) -> Finding:
    if config.get(DURABILITY) == "normal":
        return Finding(
            "durability", "warning", "a power cut can lose the last seconds (store.durability = normal)"
        )
    return Finding("durability", "ok", "every message is on disk before it is confirmed")


CHECKS: tuple[Callable[[Config], Finding], ...] = (disk, address, mail, durability)
