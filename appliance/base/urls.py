"""Where people reach the server."""

from appliance.base.config import LISTEN, PUBLIC_URL, Config

ANYWHERE = ("0.0.0.0", "::")


def public_url(config: Config) -> str:
    """As configured, else where the server listens; no slash at its end."""
    host, port = config.get(LISTEN)
    if host in ANYWHERE:
        host = "127.0.0.1"
    return config.get(PUBLIC_URL) or f"http://{f'[{host}]' if ':' in host else host}:{port}"
