"""zulip-js, where Node is: every call of it."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.process.client import Person
from tests.process.clients.conftest import run, zuliprc
from tests.process.server import ServerProcess

SCRIPT = Path(__file__).with_name("zulip_js.js")
FOLDER = Path(os.environ.get("ZULIP_JS", Path.home() / ".cache/appliance/zulip-js"))  # has node_modules
PASSWORD = "correct horse battery"
# Calls of what Zulip itself has no more.
GONE = {"filters.retrieve", "users.me.pointer.retrieve", "users.me.pointer.update"}

pytestmark = [
    pytest.mark.skipif(not shutil.which("node"), reason="there is no Node"),
    pytest.mark.skipif(
        not (FOLDER / "node_modules/zulip-js").exists(),
        reason="zulip-js is not installed (ZULIP_JS, .ci/run)",
    ),
]


def owner(server: ServerProcess) -> Person:
    """Who has a password."""
    wanted = ["jo@chat.test", "--name", "Jo", "--role", "owner", "--password-stdin", "--json"]
    added = server.command("user", "add", *wanted, input=PASSWORD)
    assert added.returncode == 0, added.stderr
    made = json.loads(added.stdout)
    return Person(server.port, made["user_id"], made["email"], made["api_key"])


@pytest.fixture(scope="module")
def answers(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the server said to each call of an owner's."""
    home, [other] = tmp_path_factory.mktemp("js"), server.people("cordelia")
    command: list[str | Path] = ["node", SCRIPT, FOLDER, zuliprc(owner(server), home / "zuliprc"), PASSWORD]
    done = run([*command, other.email, str(other.user_id)], home)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_call_is_answered(answers: dict[str, Any]) -> None:
    failed = {name: answer for name, answer in answers.items() if answer["result"] != "success"}
    assert failed.keys() == GONE, failed


def test_what_it_is_told(answers: dict[str, Any]) -> None:
    assert answers["messages.render"]["rendered"] == "<p><strong>bold</strong></p>"
    assert answers["messages.getById"]["raw_content"] == "changed"
    assert "script" in [each["name"] for each in answers["streams.topics.retrieve"]["topics"]]
    assert "script" in [each["subject"] for each in answers["messages.retrieve"]["messages"]]
    assert answers["events.retrieve"]["events"][0]["message"]["content"] == "an event"
