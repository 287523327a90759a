"""`appliance config check|show|example`, and the configuration that any command runs with."""

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appliance.base.config import Config, example, find_file
from appliance.base.errors import ConfigError
from appliance.base.options import DATA, LISTEN, OPTIONS, Option

FLAGS: tuple[Option[Any], ...] = (DATA, LISTEN)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("config", help="check or show the configuration")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, func, help in (
        ("check", check, "say what is wrong with the configuration"),
        ("show", show, "print every option, its value and where that came from"),
        ("example", print_example, "print a configuration file with every option"),
    ):
        actions.add_parser(name, help=help, description=help).set_defaults(func=func)


def load(args: argparse.Namespace, environ: Mapping[str, str] = os.environ) -> Config:
    """What a command runs with: --config or else DATA/config.toml, the environment, the flags."""
    flags = {option: getattr(args, option.name, None) for option in FLAGS}
    overrides = {option: str(value) for option, value in flags.items() if value is not None}
    folders = [str(DATA.default), *(environ[name] for name in DATA.variables if name in environ)]
    data = Path(overrides.get(DATA, folders[-1]))
    return Config.load(find_file(Path(args.config) if args.config else None, data), environ, overrides)


def check(args: argparse.Namespace) -> int:
    mistakes = _mistakes(args)
    if args.json:
        print(json.dumps({"mistakes": mistakes}))
    else:
        print("\n".join(mistakes) or "configuration is fine")
    return 1 if mistakes else 0


def show(args: argparse.Namespace) -> int:
    config = load(args)
    rows = {option.key: (config.shown(option), config.source(option)) for option in OPTIONS}
    if args.json:
        print(json.dumps({key: {"value": value, "source": source} for key, (value, source) in rows.items()}))
        return 0
    settings = {f"{key} = {json.dumps(value)}": source for key, (value, source) in rows.items()}
    width = max(map(len, settings))
    for setting, source in settings.items():
        print(f"{setting:{width}}  {source}")
    return 0


def print_example(_args: argparse.Namespace) -> int:
    print(example(), end="")
    return 0


def _mistakes(args: argparse.Namespace) -> list[str]:
    try:
        load(args)
    except ConfigError as error:
        return error.mistakes
    return []
