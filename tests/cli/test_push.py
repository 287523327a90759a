"""`appliance push …` against a push service of ours."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.actions.realm import push_service
from appliance.base.clock import SystemClock
from appliance.cli.main import main
from appliance.model.push_status import PushStatus
from appliance.outside.bouncer import account
from appliance.store.store import Store
from tests.outside.bouncer import Bouncer, Reply

CONTACT = ["--contact-email", "olga@example.org"]


@pytest.fixture
def bouncer() -> Iterator[Bouncer]:
    with Bouncer() as bouncer:
        yield bouncer


@pytest.fixture
def folder(tmp_path: Path, bouncer: Bouncer) -> Path:
    """Of a server that is configured, but not registered."""
    folder = tmp_path / "data"
    folder.mkdir()
    config = f'[server]\npublic_url = "https://chat.test"\n[push]\nbouncer = "{bouncer.url}"\n'
    (folder / "config.toml").write_text(config)
    return folder


def run(folder: Path, *args: str) -> int:
    return main(["--data", str(folder), "push", *args])


def test_a_server_is_registered(folder: Path, bouncer: Bouncer, capsys: pytest.CaptureFixture[str]) -> None:
    # checklist 237
    assert run(folder, "register", *CONTACT, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    [(org_id, known)] = bouncer.records.servers.items()
    assert told == {"org_id": org_id, "hostname": "chat.test", "created": True}
    assert (known["hostname"], known["contact_email"]) == ("chat.test", "olga@example.org")
    assert (folder / account.FILE_NAME).read_text().split() == [org_id, known["zulip_org_key"]]
    assert (folder / account.FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_the_key_is_not_printed(folder: Path, bouncer: Bouncer, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "register", *CONTACT)
    run(folder, "status")
    [known] = bouncer.records.servers.values()
    said = capsys.readouterr()
    assert known["zulip_org_key"] not in said.out + said.err


def test_registering_again_changes_what_is_known(folder: Path, bouncer: Bouncer) -> None:
    run(folder, "register", *CONTACT)
    assert run(folder, "register", "--contact-email", "new@example.org") == 0
    [known] = bouncer.records.servers.values()
    assert known["contact_email"] == "new@example.org"


def test_a_lost_answer_loses_no_key(folder: Path, bouncer: Bouncer) -> None:
    bouncer.replies = [Reply(how="closes")]
    assert run(folder, "register", *CONTACT) == 2
    assert run(folder, "register", *CONTACT) == 0
    assert len({each.body["zulip_org_key"] for each in bouncer.asked}) == 1


@pytest.mark.parametrize(
    ("config", "contact", "words"),
    [
        ('[server]\npublic_url = "https://chat.test"\n', "a@example.org", "push.bouncer is not set"),
        ('[push]\nbouncer = "https://push.test"\n', "a@example.org", "server.public_url is not set"),
        ("", "nobody", "--contact-email must be a mail address"),
    ],
)
def test_what_is_missing_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], config: str, contact: str, words: str
) -> None:
    (folder / "config.toml").write_text(config)
    assert run(folder, "register", "--contact-email", contact) == 2
    assert words in capsys.readouterr().err
    assert not (folder / account.FILE_NAME).exists()


def test_a_name_that_another_server_has(
    folder: Path, bouncer: Bouncer, capsys: pytest.CaptureFixture[str]
) -> None:
    bouncer.records.servers["other"] = {"hostname": "chat.test", "zulip_org_key": "x"}
    assert run(folder, "register", *CONTACT) == 2
    assert "already registered by another server" in capsys.readouterr().err


def test_status_before_and_after(folder: Path, bouncer: Bouncer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "status", "--json") == 1
    assert "not registered" in json.loads(capsys.readouterr().out)["error"]
    run(folder, "register", *CONTACT, "--json")
    org_id = json.loads(capsys.readouterr().out)["org_id"]
    assert run(folder, "status", "--json") == 1  # nothing has been uploaded yet
    assert json.loads(capsys.readouterr().out) == {
        "bouncer": bouncer.url,
        "org_id": org_id,
        "push_notifications_enabled": False,
        "push_notifications_enabled_end_timestamp": None,
        "error": None,
    }
    _switch_on(folder)
    assert run(folder, "status") == 0
    assert "push_notifications_enabled: True" in capsys.readouterr().out


def test_status_tells_a_key_that_is_not_known(
    folder: Path, bouncer: Bouncer, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, "register", *CONTACT)
    bouncer.records.servers.clear()
    assert run(folder, "status", "--json") == 1
    assert "INVALID_ZULIP_SERVER" in capsys.readouterr().out


def test_a_deactivated_server_is_registered_no_more(folder: Path, bouncer: Bouncer) -> None:
    run(folder, "register", *CONTACT)
    _switch_on(folder)
    assert run(folder, "deactivate") == 0
    assert bouncer.records.deactivated == set(bouncer.records.servers)
    assert not (folder / account.FILE_NAME).exists()
    assert run(folder, "status") == 1
    assert run(folder, "deactivate") == 2


def _switch_on(folder: Path) -> None:
    """As the running server does when it is told."""
    store = Store(folder, SystemClock())
    push_service.change(store, PushStatus(True, None))
    store.close()
