"""Where the server is reached."""

from appliance.base.config import Config
from appliance.base.options import LISTEN, PUBLIC_URL

ANYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}


def local_url(address: str) -> str:
    """On this machine, of a server that listens on `address` (HOST:PORT)."""
    host, _, port = address.rpartition(":")
    return f"http://{ANYWHERE.get(host, host)}:{port}"


def public_url(config: Config, address: str = "") -> str:
    """As configured, else where the server listens: on `address` if it runs; no slash at the end."""
    return config.get(PUBLIC_URL) or local_url(address or str(config.get(LISTEN)))
