"""Configuration: one table of options, read from a TOML file, the environment and the command line.

The option `server.listen` is `listen` under `[server]` in the file, `APPLIANCE_SERVER_LISTEN` in the
environment and `--listen` on the command line. The command line wins over the environment, that over the
file, that over the default. `APPLIANCE_MAIL_PASSWORD_FILE` names a file that holds the secret; so for each.

Every value is checked, also one that a stronger source overrides, and all mistakes are reported at once.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from appliance.base.errors import ConfigError
from appliance.base.values import Address as Address  # part of this module's interface
from appliance.base.values import PolicyRule as PolicyRule
from appliance.base.values import QueueLimit as QueueLimit
from appliance.base.values import ShardRule as ShardRule
from appliance.base.values import (
    address,
    ip_addresses,
    mail_address,
    mail_address_or_none,
    one_of,
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
MASK = "********"


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

OPTIONS: tuple[Option[Any], ...] = (
    LISTEN, DATA, PUBLIC_URL, TRUSTED_PROXIES, THREADS, LOG_LEVEL, RELOAD_CLIENTS,
    REQUESTS_PER_MINUTE, QUEUES_PER_USER, QUEUES, BODY_MIB,
    DURABILITY, SHARDS, STATISTICS, QUEUE_LIMITS, JOB_POLICIES, JOBS_ELSEWHERE, SENTRY_DSN,
    MAIL_HOST, MAIL_PORT, MAIL_USER, MAIL_PASSWORD, MAIL_FROM, MAIL_SUPPORT, MAIL_MISSED,
    MAIL_SECURITY,
)
# fmt: on


class Given(NamedTuple):
    """A value that somebody set, not parsed yet; `source` is the file, the variable or the flag."""

    option: Option[Any]
    value: object
    source: str


class Config:
    """The parsed value of every option, and where it came from."""

    def __init__(self, settings: Mapping[Option[Any], tuple[Any, str]]) -> None:
        self._settings = settings

    @classmethod
    def load(
        cls, file: Path | None, environ: Mapping[str, str], overrides: Mapping[Option[Any], str] | None = None
    ) -> "Config":
        """`overrides` are the flags of the command line. Raises ConfigError with all mistakes."""
        mistakes: list[str] = []
        flags = [Given(option, value, f"--{option.name}") for option, value in (overrides or {}).items()]
        given = [*_from_file(file, mistakes), *_from_environment(environ, mistakes), *flags]
        settings = dict(_parsed(given, mistakes))
        if mistakes:
            raise ConfigError(mistakes)
        return cls(settings)

    def get(self, option: Option[T]) -> T:
        value: T = self._settings[option][0] if option in self._settings else option.default
        return value

    def source(self, option: Option[Any]) -> str:
        """'default', the path of the file, the name of the variable, or the flag."""
        return self._settings[option][1] if option in self._settings else "default"

    def shown(self, option: Option[Any]) -> str | int | list[str]:
        """The value as plain data; a secret that is set is masked."""
        value = _plain(self.get(option))
        return MASK if option.secret and value else value


def find_file(explicit: Path | None, data: Path) -> Path | None:
    """The file to load: the one asked for, else DATA/config.toml where there is one."""
    own = data / "config.toml"
    return explicit or (own if os.path.isfile(own) else None)  # Path.is_file raises in a closed folder


def example() -> str:
    """The text of config.example.toml: every option with its help and its default, commented out."""
    lines = [
        "# Every setting with its default: take away the # to change it. Save this as config.toml in the",
        "# data folder, or name it with --config. The environment wins: APPLIANCE_MAIL_HOST is mail.host.",
    ]
    section = ""
    for option in OPTIONS:
        if option.section != section:
            section = option.section
            lines += ["", f"[{section}]"]
        lines += ["", f"# {option.help}", f"#{option.name} = {_toml(_plain(option.default))}"]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> str | int | list[str]:
    if isinstance(value, Address | Path):
        return str(value)
    plain: str | int | list[str] = [str(each) for each in value] if isinstance(value, tuple) else value
    return plain


def _toml(value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _parsed(given: Iterable[Given], mistakes: list[str]) -> Iterator[tuple[Option[Any], tuple[Any, str]]]:
    for option, value, source in given:
        try:
            yield option, (option.parse(value), source)
        except ValueError as error:
            but = "" if option.secret else f", not {value!r}"
            mistakes.append(f"{source}: {option.key} {error}{but}")


def _from_file(file: Path | None, mistakes: list[str]) -> Iterator[Given]:
    known = {option.key: option for option in OPTIONS}
    for key, value in _flat(_tables(file, mistakes) if file else {}):
        if key in known:
            yield Given(known[key], value, str(file))
        else:
            mistakes.append(f"{file}: unknown key {key}, the nearest is {_nearest(key, known)}")


def _tables(file: Path, mistakes: list[str]) -> dict[str, Any]:
    import tomllib  # not above: it takes 6 ms, and most servers start without a file

    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        mistakes.append(f"{file}: cannot be read: {error.strerror}")
    except ValueError as error:  # not TOML, or not UTF-8
        mistakes.append(f"{file}: {error}")
    return {}


def _flat(tables: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """section.name and value of each key; whatever else is at the top under its own name."""
    sections = {option.section for option in OPTIONS}
    for section, table in tables.items():
        if isinstance(table, dict) and (table or section in sections):
            yield from ((f"{section}.{name}", value) for name, value in table.items())
        else:
            yield section, table


def _from_environment(environ: Mapping[str, str], mistakes: list[str]) -> Iterator[Given]:
    known = {variable: option for option in OPTIONS for variable in option.variables}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in known:
            mistakes.append(f"{variable}: unknown variable, the nearest is {_nearest(variable, known)}")
    for variable, option in known.items():
        if variable in environ and option.secret and variable.endswith("_FILE"):
            yield from _from_secret_file(option, variable, environ[variable], mistakes)
        elif variable in environ:
            yield Given(option, environ[variable], variable)


def _from_secret_file(option: Option[Any], variable: str, file: str, mistakes: list[str]) -> Iterator[Given]:
    try:
        yield Given(option, Path(file).read_text("utf-8").rstrip("\r\n"), variable)
    except OSError as error:
        mistakes.append(f"{variable}: {file} cannot be read: {error.strerror}")
    except UnicodeDecodeError:  # its own text would quote the secret
        mistakes.append(f"{variable}: {file} is not UTF-8 text")


def _nearest(name: str, known: Iterable[str]) -> str:
    import difflib  # not above: only a mistake needs it

    return difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
