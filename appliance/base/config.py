"""Configuration: the options (options.py), read from a TOML file, the environment and the command line.

The option `server.listen` is `listen` under `[server]` in the file, `APPLIANCE_SERVER_LISTEN` in the
environment and `--listen` on the command line. The command line wins over the environment, that over the
file, that over the default. `APPLIANCE_MAIL_PASSWORD_FILE` names a file that holds the secret; so for each.

Every value is checked, also one that a stronger source overrides, and all mistakes are reported at once.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from appliance.base.errors import ConfigError
from appliance.base.options import OPTIONS, PREFIX, Option
from appliance.base.values import Address

T = TypeVar("T")

MASK = "********"


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
