"""Where values come from, which source wins, and what is said about mistakes."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from appliance.base import options as module
from appliance.base.config import Config, example, find_file
from appliance.base.errors import ConfigError
from appliance.base.hosts import HostRule
from appliance.base.options import (
    BODY_MIB,
    DATA,
    DURABILITY,
    LISTEN,
    LOG_LEVEL,
    MAIL_FROM,
    MAIL_HOST,
    MAIL_PASSWORD,
    MAIL_PORT,
    MAIL_SECURITY,
    OPTIONS,
    PRIVATE_HOSTS,
    PUBLIC_URL,
    QUEUE_LIMITS,
    RELOAD_CLIENTS,
    REQUESTS_PER_MINUTE,
    SENTRY_DSN,
    SHARDS,
    THREADS,
    TRUSTED_PROXIES,
    Option,
)
from appliance.base.values import Address, QueueLimit, ShardRule

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def mistakes(
    file: Path | None = None,
    environ: dict[str, str] | None = None,
    overrides: dict[Option[Any], str] | None = None,
) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        Config.load(file, environ or {}, overrides)
    return raised.value.mistakes


def test_every_option_of_the_module_is_in_the_table() -> None:
    assert {option.key for option in vars(module).values() if isinstance(option, Option)} == {
        option.key for option in OPTIONS
    }


def test_nothing_given_means_defaults() -> None:
    config = Config.load(None, {"HOME": "/root"})
    assert config.get(LISTEN) == Address("127.0.0.1", 9991)
    assert [config.get(option) for option in OPTIONS] == [option.default for option in OPTIONS]
    assert {config.source(option) for option in OPTIONS} == {"default"}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.key)
def test_the_text_of_a_default_is_a_value(option: Option[Any]) -> None:
    shown = Config.load(None, {}).shown(option)
    assert option.parse(shown) == option.default


def test_the_command_line_wins_over_the_environment_over_the_file(file: Path) -> None:
    file.write_text('[server]\nlisten = "127.0.0.1:1"\nthreads = 1\ndata = "a"\n[limits]\nbody_mib = 1\n')
    environ = {"APPLIANCE_SERVER_LISTEN": "127.0.0.1:2", "APPLIANCE_SERVER_THREADS": "2"}
    config = Config.load(file, environ, {LISTEN: "127.0.0.1:3"})
    assert (config.get(LISTEN).port, config.source(LISTEN)) == (3, "--listen")
    assert (config.get(THREADS), config.source(THREADS)) == (2, "APPLIANCE_SERVER_THREADS")
    assert (config.get(BODY_MIB), config.source(BODY_MIB)) == (1, str(file))
    assert config.source(MAIL_HOST) == "default"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"APPLIANCE_DATA": "a"}, "a"),
        ({"APPLIANCE_SERVER_DATA": "b"}, "b"),
        ({"APPLIANCE_SERVER_DATA": "b", "APPLIANCE_DATA": "a"}, "b"),
    ],
)
def test_the_data_folder_has_two_variables(environ: dict[str, str], expected: str) -> None:
    assert Config.load(None, environ).get(DATA) == Path(expected)


@pytest.mark.parametrize(
    ("option", "given", "expected"),
    [
        (LISTEN, "0.0.0.0:0", Address("0.0.0.0", 0)),
        (LISTEN, "chat.example.org:80", Address("chat.example.org", 80)),
        (LISTEN, "[::1]:9991", Address("::1", 9991)),
        (PUBLIC_URL, "https://Chat.Example.org/", "https://chat.example.org"),
        (PUBLIC_URL, "http://[::1]:9991", "http://[::1]:9991"),
        (TRUSTED_PROXIES, "", ()),
        (TRUSTED_PROXIES, "10.0.0.1, ::1", ("10.0.0.1", "::1")),
        (TRUSTED_PROXIES, ["10.0.0.1"], ("10.0.0.1",)),
        (REQUESTS_PER_MINUTE, 0, 0),
        (REQUESTS_PER_MINUTE, "600", 600),
        (LOG_LEVEL, "debug", "DEBUG"),
        (RELOAD_CLIENTS, False, False),
        (RELOAD_CLIENTS, "False", False),
        (RELOAD_CLIENTS, "true", True),
        (SHARDS, "", ()),
        (SHARDS, ["9993"], (ShardRule("", (9993,)),)),
        (SHARDS, "9993+9994 A.b=9995", (ShardRule("", (9993, 9994)), ShardRule("a.b", (9995,)))),
        (SHARDS, ["~^a{1,2}=?=9995"], (ShardRule("~^a{1,2}=?", (9995,)),)),
        (QUEUE_LIMITS, "", ()),
        (QUEUE_LIMITS, ["email_senders 30/60"], (QueueLimit("email_senders", 30, 60),)),
        (QUEUE_LIMITS, "a 1/1, b  2/3 ", (QueueLimit("a", 1, 1), QueueLimit("b", 2, 3))),
        (SENTRY_DSN, "https://key@sentry.example.org/a/1", "https://key@sentry.example.org/a/1"),
        (DURABILITY, "normal", "normal"),
        (MAIL_SECURITY, "none", "none"),
        (MAIL_FROM, "chat@example.org", "chat@example.org"),
        (PRIVATE_HOSTS, "", ()),
        (PRIVATE_HOSTS, "Ntfy.Lan., ::1", (HostRule("ntfy.lan"), HostRule("::1"))),
        (PRIVATE_HOSTS, ["10.0.0.7:80", "[::1]:80"], (HostRule("10.0.0.7", 80), HostRule("::1", 80))),
    ],
)
def test_good_values(option: Option[Any], given: object, expected: object) -> None:
    assert option.parse(given) == expected


@pytest.mark.parametrize(
    ("option", "given"),
    [
        *((LISTEN, given) for given in (9991, "9991", ":9991", "::1:9991", "[::1]", "a:65536", "a b:1", "")),
        *(
            (PUBLIC_URL, given)
            for given in ("example.org", "ftp://a", "https://a/b", "https://u:p@a", "http://a:65536")
        ),
        *((TRUSTED_PROXIES, given) for given in ("proxy", ["10.0.0.0/8"], [1], 1)),
        *((THREADS, given) for given in (0, 65, -1, "x", "", "1.5", 1.5, True, None, [1])),
        *((DURABILITY, given) for given in ("fast", "", True)),
        *((MAIL_FROM, given) for given in ("", "nobody", "a@b c", "Chat <a@b>", "@", "a@b, c@d")),
        *(
            (SHARDS, given)
            for given in ("a", "a=", "9993+", "0", "65536", "9993+9993", "~(=1", "1 2", [1], 1)
        ),
        *((RELOAD_CLIENTS, given) for given in ("", "no", 1, 0, None, [True])),
        *((QUEUE_LIMITS, given) for given in ("a", "a 1", "a 2/1", "a -1/1", "a 1/2, a 1/2", [1], 1)),
        *((SENTRY_DSN, given) for given in ("key", "https://sentry.example.org/1", "https://k@h", 1)),
        *((PRIVATE_HOSTS, given) for given in ("http://a.lan", "a/b", "*.lan", "10.0.0.0/8", [1], 1)),
        (DATA, ""),
        (MAIL_PORT, 0),
    ],
)
def test_bad_values(option: Option[Any], given: object) -> None:
    with pytest.raises(ValueError, match=r"^must be "):
        option.parse(given)


def test_all_mistakes_are_told_at_once_each_with_its_place(file: Path) -> None:
    file.write_text('[server]\nlisten = ":9991"\n[limits]\nbody_mib = "x"\n')
    environ = {"APPLIANCE_SERVER_LISTEN": "127.0.0.1:9991", "APPLIANCE_MAIL_PORT": "0"}
    assert mistakes(file, environ, {DATA: ""}) == [
        f"{file}: server.listen must be HOST:PORT such as 127.0.0.1:9991 or [::1]:9991, not ':9991'",
        f"{file}: limits.body_mib must be a whole number from 1 to 4096, not 'x'",
        "APPLIANCE_MAIL_PORT: mail.port must be a whole number from 1 to 65535, not '0'",
        "--data: server.data must be the path of a folder, not ''",
    ]


def test_all_mistakes_of_shards_are_told_at_once(file: Path) -> None:
    file.write_text('[events]\nshards = ["9993", "a=x", "~[=9994", "9995", 7]\n')
    [mistake] = mistakes(file)
    assert mistake.startswith(f"{file}: events.shards must be entries such as 9993+9994, ")
    assert (
        "('a=x' has no ports; '~[=9994' has no regular expression: unterminated character set at position 0; "
        "'9995' comes twice; 7 must be text in quotes)"
    ) in mistake


def test_shards_print_as_they_are_written() -> None:
    written = ["9993+9994", "chat.example.org=9995", "~^a=?=9996"]
    assert list(map(str, SHARDS.parse(written))) == written


@pytest.mark.parametrize(
    ("toml", "unknown", "nearest"),
    [
        ("[server]\nlissen = 1", "server.lissen", "server.listen"),
        ("[sever]\nlisten = 1", "sever.listen", "server.listen"),
        ("public_url = 1", "public_url", "server.public_url"),
        ("mail = 1", "mail", "mail."),
        ("[mial]", "mial", "mail."),
    ],
)
def test_an_unknown_key_names_the_nearest(file: Path, toml: str, unknown: str, nearest: str) -> None:
    file.write_text(toml)
    (mistake,) = mistakes(file)
    assert mistake.startswith(f"{file}: unknown key {unknown}, the nearest is {nearest}")


def test_an_unknown_variable_names_the_nearest() -> None:
    assert mistakes(environ={"APPLIANCE_MAIL_HOTS": "x", "APPLIANCE_MAIL_HOST_FILE": "x"}) == [
        "APPLIANCE_MAIL_HOST_FILE: unknown variable, the nearest is APPLIANCE_MAIL_HOST",
        "APPLIANCE_MAIL_HOTS: unknown variable, the nearest is APPLIANCE_MAIL_HOST",
    ]


def test_an_empty_section_is_fine(file: Path) -> None:
    file.write_text("[server]\n[mail]\n")
    assert Config.load(file, {}).source(MAIL_HOST) == "default"


def test_a_file_that_is_not_there(file: Path) -> None:
    assert mistakes(file) == [f"{file}: cannot be read: No such file or directory"]


@pytest.mark.parametrize("content", [b"[server\n", b"\xff\xfe", b"[mail]\nhost = a"])
def test_a_file_that_is_not_toml(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    (mistake,) = mistakes(file)
    assert mistake.startswith(f"{file}: ")


def test_a_secret_can_be_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2 \n")
    config = Config.load(None, {"APPLIANCE_MAIL_PASSWORD_FILE": str(secret)})
    assert config.get(MAIL_PASSWORD) == "hunter2 "
    assert config.source(MAIL_PASSWORD) == "APPLIANCE_MAIL_PASSWORD_FILE"


def test_a_secret_file_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xffhunter2")
    for path, why in ((tmp_path / "gone", "cannot be read: No such file"), (binary, "is not UTF-8 text")):
        (mistake,) = mistakes(environ={"APPLIANCE_MAIL_PASSWORD_FILE": str(path)})
        assert mistake.startswith(f"APPLIANCE_MAIL_PASSWORD_FILE: {path} {why}")
        assert "hunter2" not in mistake


def test_a_secret_is_masked_and_not_quoted_in_a_mistake(file: Path) -> None:
    config = Config.load(None, {"APPLIANCE_MAIL_PASSWORD": "hunter2"})
    assert config.shown(MAIL_PASSWORD) == "********"
    assert Config.load(None, {}).shown(MAIL_PASSWORD) == ""
    file.write_text("[mail]\npassword = 4711\n")
    assert mistakes(file) == [f"{file}: mail.password must be text in quotes"]


@pytest.mark.parametrize("address", ["127.0.0.1:9991", "[::1]:0"])
def test_an_address_prints_as_it_is_written(address: str) -> None:
    assert str(LISTEN.parse(address)) == address


def test_the_file_that_is_found(tmp_path: Path) -> None:
    asked = tmp_path / "other.toml"
    assert find_file(None, tmp_path) is None
    assert find_file(asked, tmp_path) == asked
    (tmp_path / "config.toml").touch()
    assert find_file(None, tmp_path) == tmp_path / "config.toml"
    assert find_file(asked, tmp_path) == asked


def test_the_example_changes_nothing() -> None:
    assert not any(tomllib.loads(example()).values())


def test_the_example_holds_every_default(file: Path) -> None:
    file.write_text(re.sub("^#(?! )", "", example(), flags=re.MULTILINE))
    config = Config.load(file, {})
    assert [config.get(option) for option in OPTIONS] == [option.default for option in OPTIONS]
    assert {config.source(option) for option in OPTIONS} == {str(file)}


def test_the_example_in_the_checkout_is_up_to_date() -> None:
    assert (CHECKOUT / "config.example.toml").read_text() == example()
