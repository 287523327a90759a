"""`appliance config …`, below the `main` that adds --data, --config and --json."""

import argparse
import json
from pathlib import Path

import pytest

from appliance.base.config import example
from appliance.base.errors import ConfigError
from appliance.base.options import DATA, LISTEN, MAIL_HOST, MAIL_PORT, OPTIONS
from appliance.cli.config import add_parser, load


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in OPTIONS:
        for variable in option.variables:
            monkeypatch.delenv(variable, raising=False)


def arguments(data: Path | None = None, config: Path | None = None, json: bool = False) -> argparse.Namespace:
    return argparse.Namespace(data=data, config=config, json=json)


def run(command: str, args: argparse.Namespace) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parser.parse_args(["config", command], args)
    status: int = args.func(args)
    return status


def write(folder: Path, toml: str) -> Path:
    (folder / "config.toml").write_text(toml)
    return folder


def test_check_is_fine_without_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", arguments(tmp_path)) == 0
    assert capsys.readouterr().out == "configuration is fine\n"


def test_check_prints_all_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "[mail]\nport = 0\nhots = 1")
    assert run("check", arguments(tmp_path)) == 1
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(("toml", "count", "status"), [("", 0, 0), ("[mail]\nport = 0\nhots = 1", 2, 1)])
def test_check_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], toml: str, count: int, status: int
) -> None:
    assert run("check", arguments(write(tmp_path, toml), json=True)) == status
    assert len(json.loads(capsys.readouterr().out)["mistakes"]) == count


def test_show_names_the_source_of_each_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, '[mail]\nhost = "mail.example.org"')
    monkeypatch.setenv("APPLIANCE_MAIL_PORT", "25")
    assert run("show", arguments(tmp_path)) == 0
    lines = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert len(lines) == len(OPTIONS)
    assert lines['mail.host = "mail.example.org"'] == str(tmp_path / "config.toml")
    assert lines["mail.port = 25"] == "APPLIANCE_MAIL_PORT"
    assert lines[f'server.data = "{tmp_path}"'] == "--data"
    assert lines["server.threads = 8"] == "default"


def test_show_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", arguments(tmp_path, json=True)) == 0
    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == [option.key for option in OPTIONS]
    assert shown["server.listen"] == {"value": "127.0.0.1:9991", "source": "default"}
    assert shown["server.data"] == {"value": str(tmp_path), "source": "--data"}


@pytest.mark.parametrize("as_json", [True, False])
def test_show_masks_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    monkeypatch.setenv("APPLIANCE_MAIL_PASSWORD", "hunter2")
    run("show", arguments(tmp_path, json=as_json))
    out = capsys.readouterr().out
    assert "hunter2" not in out
    assert "********" in out


def test_show_refuses_a_bad_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        run("show", arguments(write(tmp_path, "[mail]\nport = 0")))


def test_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("example", arguments()) == 0
    assert capsys.readouterr().out == example()


def test_the_file_that_was_asked_for_is_used_instead(tmp_path: Path) -> None:
    write(tmp_path, '[mail]\nhost = "a"\nport = 1')
    other = tmp_path / "other.toml"
    other.write_text('[mail]\nhost = "b"')
    config = load(arguments(tmp_path, other), {})
    assert (config.get(MAIL_HOST), config.get(MAIL_PORT)) == ("b", 587)


def test_the_data_folder_of_the_environment_holds_the_file(tmp_path: Path) -> None:
    write(tmp_path, '[mail]\nhost = "a"')
    config = load(arguments(), {"APPLIANCE_DATA": str(tmp_path)})
    assert config.get(MAIL_HOST) == "a"
    assert config.get(DATA) == tmp_path


def test_a_command_may_take_listen() -> None:
    args = arguments()
    args.listen = "127.0.0.1:0"
    assert load(args, {}).source(LISTEN) == "--listen"
