"""The mail server to send through, and how to log in."""

from dataclasses import dataclass, field

from appliance.base.config import Config
from appliance.base.options import MAIL_HOST, MAIL_PASSWORD, MAIL_PORT, MAIL_SECURITY, MAIL_USER


@dataclass(frozen=True, slots=True)
class Account:
    """`security`: starttls, tls or none; without a `user` nobody logs in."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)

    @property
    def server(self) -> str:
        return f"{self.host}:{self.port}"


def configured(config: Config) -> Account | None:
    """None: mails go to no server."""
    if not config.get(MAIL_HOST):
        return None
    return Account(
        config.get(MAIL_HOST),
        config.get(MAIL_PORT),
        config.get(MAIL_SECURITY),
        config.get(MAIL_USER),
        config.get(MAIL_PASSWORD),
    )
