"""Every option: its name, its type, its default, and what it is for.

The option `server.listen` is `listen` under `[server]` in the file, `APPLIANCE_SERVER_LISTEN` in the
environment and `--listen` on the command line (config.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from appliance.base.hosts import HostRule
from appliance.base.values import (
    Address,
    PolicyRule,
    QueueLimit,
    ShardRule,
    address,
    host_rules,
    ip_addresses,
    mail_address,
    mail_address_or_none,
    one_of,
    origins,
    path,
    policy_rules,
    queue_limits,
    sentry_dsn,
    shard_rules,
    switch,
    text,
    url,
    whole,
    words,
)

T = TypeVar("T")

PREFIX = "APPLIANCE_"


@dataclass(frozen=True)
class Option(Generic[T]):
    """One setting. `parse` takes the TOML value or a text, and raises ValueError("must be …")."""

    section: str
    name: str
    parse: Callable[[object], T]
    default: T
    help: str
    secret: bool = False

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that set it; the last one that is there wins."""
        variable = f"{PREFIX}{self.section}_{self.name}".upper()
        if self.secret:
            return f"{variable}_FILE", variable
        return (f"{PREFIX}DATA", variable) if self.key == "server.data" else (variable,)


# fmt: off
LISTEN = Option(
    "server", "listen", address, Address("127.0.0.1", 9991), "Where the server listens, HOST:PORT.")
DATA = Option(
    "server", "data", path, Path("data"), "The folder of the database, uploads and all else that is kept.")
PUBLIC_URL = Option(
    "server", "public_url", url, "", "Where browsers find it, http(s)://HOST[:PORT]; empty: as `listen`.")
TRUSTED_PROXIES: Option[tuple[str, ...]] = Option(
    "server", "trusted_proxies", ip_addresses, (),
    "IP addresses of proxies whose X-Forwarded-* is believed.")
CORS_ORIGINS: Option[tuple[str, ...]] = Option(
    "server", "cors_origins", origins, (),
    "Pages that may use the API from a browser: https://dash.example.org, * for all; empty: none.")
THREADS = Option(
    "server", "threads", whole(1, 64), 8, "Threads that answer requests; a client that waits takes none.")
LOG_LEVEL: Option[str] = Option(
    "server", "log_level", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO",
    "The least that is logged: DEBUG, INFO, WARNING or ERROR.")
RELOAD_CLIENTS = Option(
    "server", "reload_clients", switch, True,
    "Tell clients to reload when the server starts; false: when POST /api/internal/web_reload_clients says.")
REQUESTS_PER_MINUTE = Option(
    "limits", "requests_per_minute", whole(0, 1_000_000), 200, "Requests of a person a minute; 0: no limit.")
QUEUES_PER_USER = Option(
    "limits", "queues_per_user", whole(1, 10_000), 50, "Event queues (open clients) of one person.")
QUEUES = Option(
    "limits", "queues", whole(10, 1_000_000), 20_000, "Event queues of everybody together.")
BODY_MIB = Option(
    "limits", "body_mib", whole(1, 4096), 25, "The largest request body, and so upload, in MiB.")
UPLOADS_MIB = Option(
    "limits", "uploads_mib", whole(0, 2**40), 0,
    "What all uploaded files together may take, in MiB; 0: as much as there is.")
DURABILITY: Option[Literal["full", "normal"]] = Option(
    "store", "durability", one_of("full", "normal"), "full",
    "An acknowledged message survives a power cut (full), or only a crash of the server (normal: faster).")
SHARDS: Option[tuple[ShardRule, ...]] = Option(
    "events", "shards", shard_rules, (),
    "Ports of shards of event queues: 9993+9994, HOST=9993+9994, ~REGEX=9993; empty: one, without a port.")
STATISTICS = Option(
    "jobs", "statistics", switch, True,
    "Write how the queues do into files under DATA/queue_stats; false: fewer writes, for an SD card.")
QUEUE_LIMITS: Option[tuple[QueueLimit, ...]] = Option(
    "jobs", "limits", queue_limits, (),
    "Seconds of backlog that are a warning and critical, where the defaults do not fit: email_senders 30/60.")
JOB_POLICIES: Option[tuple[PolicyRule, ...]] = Option(
    "jobs", "policies", policy_rules, (),
    "How queues differ from their defaults: email_senders attempts=5 timeout=60 (docs/workers.md).")
JOBS_ELSEWHERE: Option[tuple[str, ...]] = Option(
    "jobs", "elsewhere", words, (),
    "Queues that the server leaves to processes of their own: appliance work --queue NAME.")
SENTRY_DSN = Option(
    "log", "sentry_dsn", sentry_dsn, "",
    "The DSN of a Sentry project that errors are sent to; needs the extra `sentry`.", secret=True)
MAIL_HOST = Option(
    "mail", "host", text, "", "The SMTP server; empty: mails become .eml files under DATA/outbox.")
MAIL_PORT = Option(
    "mail", "port", whole(1, 65535), 587, "The port of the SMTP server: 587 for starttls, 465 for tls.")
MAIL_USER = Option(
    "mail", "user", text, "", "The name to log in with; empty: no login.")
MAIL_PASSWORD = Option(
    "mail", "password", text, "",
    "The password to log in with; better in a file that APPLIANCE_MAIL_PASSWORD_FILE names.", secret=True)
MAIL_FROM = Option(
    "mail", "from", mail_address, "noreply@localhost", "The sender of mails.")
MAIL_SUPPORT = Option(
    "mail", "support", mail_address_or_none, "", "Where people write to for help; empty: as `from`.")
MAIL_MISSED = Option(
    "mail", "missed_messages", switch, True,
    "Mail people what they missed; false: for a copy of a server that is there for trials.")
MAIL_SECURITY: Option[Literal["starttls", "tls", "none"]] = Option(
    "mail", "security", one_of("starttls", "tls", "none"), "starttls",
    "How the connection is encrypted: starttls, tls or none.")
PUSH_REDACT = Option(
    "push", "redact", switch, False, "Pushes show who wrote and where, but not what: \"New message\".")
PUSH_CONTACT = Option(
    "push", "contact", mail_address_or_none, "",
    "Where push services may write to when our pushes trouble them; empty: as `mail.from`.")
PUSH_BOUNCER = Option(
    "push", "bouncer", url, "",
    "Zulip's push service for its own phone apps: https://push.zulipchat.com; empty: it is not used.")
PUSH_BOUNCER_ORG_ID = Option(
    "push", "bouncer_org_id", text, "", "The id (a UUID) that this server is registered with there.")
PUSH_BOUNCER_ORG_KEY = Option(
    "push", "bouncer_org_key", text, "", "The key that goes with it.", secret=True)
PUSH_STATISTICS = Option(
    "push", "submit_statistics", switch, True,
    "Tell the push service how many people and messages there are, as its terms ask.")
PUSH_APNS_KEY = Option(
    "push", "apns_key", text, "", "Apple's key file (.p8) for phone apps of your own; empty: no such app.")
PUSH_APNS_KEY_ID = Option(
    "push", "apns_key_id", text, "", "The id of that key, ten characters.")
PUSH_APNS_TEAM_ID = Option(
    "push", "apns_team_id", text, "", "The id of the team that it belongs to, ten characters.")
PUSH_APNS_CERTIFICATE = Option(
    "push", "apns_certificate", text, "", "A certificate with its key (.pem), in the place of `apns_key`.")
PUSH_APNS_SERVER = Option(
    "push", "apns_server", text, "api.push.apple.com",
    "Apple's server, HOST[:PORT]; for apps in development api.sandbox.push.apple.com.")
PUSH_FCM_CREDENTIALS = Option(
    "push", "fcm_credentials", text, "",
    "Google's service account file (.json) for Android apps of your own; empty: no such app.")
PUSH_FCM_SERVER = Option(
    "push", "fcm_server", url, "https://fcm.googleapis.com", "Google's server.")
PUSH_WEB = Option(
    "push", "web", switch, True, "Let browsers subscribe to pushes, by the service of the browser's maker.")
PUSH_NTFY = Option(
    "push", "ntfy", switch, True,
    "Let people have pushes sent to an address of their own (ntfy, UnifiedPush).")
PRIVATE_HOSTS: Option[tuple[HostRule, ...]] = Option(
    "outside", "private_hosts", host_rules, (),
    "Hosts of private networks that people may have things sent to: ntfy.home.lan, 192.168.1.7:8080.")

OPTIONS: tuple[Option[Any], ...] = (
    LISTEN, DATA, PUBLIC_URL, TRUSTED_PROXIES, CORS_ORIGINS, THREADS, LOG_LEVEL, RELOAD_CLIENTS,
    REQUESTS_PER_MINUTE, QUEUES_PER_USER, QUEUES, BODY_MIB, UPLOADS_MIB,
    DURABILITY, SHARDS, STATISTICS, QUEUE_LIMITS, JOB_POLICIES, JOBS_ELSEWHERE, SENTRY_DSN,
    MAIL_HOST, MAIL_PORT, MAIL_USER, MAIL_PASSWORD, MAIL_FROM, MAIL_SUPPORT, MAIL_MISSED,
    MAIL_SECURITY,
    PUSH_REDACT, PUSH_CONTACT, PUSH_BOUNCER, PUSH_BOUNCER_ORG_ID, PUSH_BOUNCER_ORG_KEY, PUSH_STATISTICS,
    PUSH_APNS_KEY, PUSH_APNS_KEY_ID, PUSH_APNS_TEAM_ID, PUSH_APNS_CERTIFICATE, PUSH_APNS_SERVER,
    PUSH_FCM_CREDENTIALS, PUSH_FCM_SERVER, PUSH_WEB, PUSH_NTFY, PRIVATE_HOSTS,
)
# fmt: on
