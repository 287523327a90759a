"""Sends what is logged as an error to Sentry, if the configuration names a project; off otherwise.

A log record may say more in its `extra`: `queue` and `jobs` (ids) become tags, and records with the same
`grouping` (texts) become one issue. No variables, requests, addresses of people or secrets are sent.
"""

import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import appliance
from appliance.base.config import MASK, Config
from appliance.base.errors import CommandError
from appliance.base.options import OPTIONS, SENTRY_DSN

if TYPE_CHECKING:
    from sentry_sdk import Client
    from sentry_sdk.types import Event, Hint

FLUSH = 2.0  # seconds in which a stop sends what is left
OWN = ("sentry_sdk", "urllib3")  # loggers of those who send: their errors must not cause more of them
TAGS = ("queue", "jobs")
# API keys, tokens and session ids are long runs of letters and digits; addresses are nobody else's business
PRIVATE = re.compile(r"[0-9A-Za-z]{32,}|[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def start(config: Config) -> None:
    """From now on, if it is switched on. Raises CommandError when Sentry's library is not installed."""
    if dsn := config.get(SENTRY_DSN):
        secrets = [str(config.get(option)) for option in OPTIONS if option.secret]
        logging.getLogger().addHandler(SentryHandler(dsn, secrets))


class SentryHandler(logging.Handler):
    """Sends from a thread of its own; what that cannot keep up with is lost.

    `secrets`: texts that must never be sent. Raises CommandError when Sentry's library is not installed.
    """

    def __init__(self, dsn: str, secrets: Iterable[str]) -> None:
        super().__init__(logging.ERROR)
        self._secrets = [each for each in secrets if each]
        self._client = _client(dsn, self._scrubbed)

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(OWN):
            self._client.capture_event(_event(record, self._client.options))

    def flush(self) -> None:
        self._client.flush(FLUSH)

    def close(self) -> None:
        """Called as the process ends (logging.shutdown)."""
        self._client.close(FLUSH)
        super().close()

    def _scrubbed(self, event: "Event", hint: "Hint") -> "Event":
        """The texts that we write ourselves, and those of exceptions; the others are names of our program."""
        texts: list[Any] = [event.get("logentry"), *event.get("exception", {}).get("values", [])]
        for holder in filter(None, texts):
            for key in {"message", "formatted", "value"} & holder.keys():
                holder[key] = self._masked(str(holder[key]))
        return event

    def _masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return PRIVATE.sub(MASK, text)


def _client(dsn: str, before_send: Any) -> "Client":
    try:
        from sentry_sdk import Client  # not above: it takes 20 MB, and few want it
    except ImportError as error:
        raise CommandError("log.sentry_dsn needs an extra: pip install 'appliance[sentry]'") from error
    return Client(
        dsn=dsn,
        release=f"appliance@{appliance.__version__}",
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        enable_backpressure_handling=False,
        include_local_variables=False,
        include_source_context=False,
        send_client_reports=False,
        max_breadcrumbs=0,
        server_name="",
        before_send=before_send,
    )


def _event(record: logging.LogRecord, options: dict[str, Any]) -> "Event":
    from sentry_sdk.utils import event_from_exception

    event: Event = {}
    if record.exc_info and record.exc_info[0]:
        event, _ = event_from_exception(record.exc_info, options)
    event["level"] = "fatal" if record.levelno >= logging.CRITICAL else "error"
    event["logger"] = record.name
    event["logentry"] = {"message": str(record.msg), "formatted": record.getMessage()}
    event["tags"] = {name: _tag(getattr(record, name)) for name in TAGS if hasattr(record, name)}
    if hasattr(record, "grouping"):
        event["fingerprint"] = list(record.grouping)
    return event


def _tag(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
