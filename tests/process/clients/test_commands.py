"""The commands of the library: `zulip-send` and `zulip-api`."""

import re
from pathlib import Path

import pytest

from tests.process.client import Person
from tests.process.clients.conftest import BIN, run, zuliprc


@pytest.fixture
def home(hamlet: Person, tmp_path: Path) -> Path:
    """Both look for a file in it, each under another name."""
    for name in (".zuliprc", "zuliprc"):
        zuliprc(hamlet, tmp_path / name)
    return tmp_path


def newest(person: Person) -> tuple[str, str]:
    message = person.messages()[-1]
    return message["subject"], message["content"]


def test_sending_to_a_channel(home: Path, cordelia: Person) -> None:
    run([BIN / "zulip-send", "--stream", "general", "--subject", "send", "-m", "a message"], home)
    assert newest(cordelia) == ("send", "a message")


def test_sending_to_people(home: Path, cordelia: Person) -> None:
    run([BIN / "zulip-send", cordelia.email, "othello@chat.test"], home, "what it reads")
    assert newest(cordelia) == ("", "what it reads")


def api(home: Path, *arguments: str) -> str:
    return run([BIN / "zulip-api", *arguments], home).stdout


def test_every_command_of_zulip_api(home: Path, hamlet: Person) -> None:
    done = api(home, "send-message", "--stream", "general", "--subject", "api", "-m", "one")
    found = re.search(r"'id': (\d+)", done)
    assert found is not None
    sent = found[1]
    api(home, "update-message", sent, "-m", "two")
    assert "two" in api(home, "get-message-history", sent)
    api(home, "add-reaction", sent, "octopus")
    assert hamlet.ask("GET", f"/messages/{sent}")["message"]["reactions"]
    api(home, "remove-reaction", sent, "octopus")
    assert not hamlet.ask("GET", f"/messages/{sent}")["message"]["reactions"]
    api(home, "mark-all-as-read")
    assert "general" in api(home, "get-subscriptions")


def test_deleting(iago: Person, tmp_path: Path) -> None:
    zuliprc(iago, tmp_path / "zuliprc")
    sent = iago.send(iago, "to go")
    api(tmp_path, "delete-message", str(sent))
    assert iago.call("GET", f"/messages/{sent}").status == 400
