"""`appliance import-zulip`: the command, what it does not overwrite, and its process killed at any moment."""

from pathlib import Path

import pytest

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import creation as user_actions
from appliance.base.clock import SystemClock
from appliance.model.user import Role
from appliance.store.store import Store
from tests.actions.import_zulip import zulip_archive as z
from tests.actions.import_zulip.zulip_archive import ZulipArchive
from tests.process.client import Person
from tests.process.conftest import Serve
from tests.process.server import ServerProcess, die_in

WHOLE = "appliance.actions.import_zulip.whole"
PREPARED = {"appliance.db", "server.pid"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return ZulipArchive().tar(tmp_path / "friends.tar.gz")


@pytest.fixture
def fresh(tmp_path: Path) -> ServerProcess:
    """On a folder that is not there yet."""
    return ServerProcess(tmp_path / "fresh")


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if not each.name.startswith("appliance.db-")}


def test_a_team_goes_on(fresh: ServerProcess, archive: Path) -> None:
    """People find their messages at the addresses where they were, and write."""
    done = fresh.command("import-zulip", str(archive))
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.startswith("Zulip & friends: 5 people, 3 channels, 11 messages in ")
    assert "left out: reminders: 1" in rest
    assert names(fresh.data) == PREPARED | {"uploads"}
    zuliprc = fresh.command("user", "zuliprc", "ann@example.com").stdout
    [key] = [line.removeprefix("key=") for line in zuliprc.splitlines() if line.startswith("key=")]
    fresh.start()
    try:
        ann = Person(fresh.port, z.ANN, "ann@example.com", key)
        found = ann.ask("GET", "/messages/101")["message"]
        assert (found["id"], found["stream_id"], found["sender_id"]) == (101, z.GENERAL, z.ANN)
        sent = ann.ask("POST", "/messages", type="stream", to="General", topic="lunch", content="back again")
        assert sent["id"] == 109
        narrow = [{"operator": "search", "operand": "again"}]
        newest = ann.ask("GET", "/messages", anchor="newest", num_before=5, num_after=0, narrow=narrow)
        assert {each["id"] for each in newest["messages"]} >= {106, 109}
    finally:
        fresh.end()


def test_as_json(fresh: ServerProcess, archive: Path) -> None:
    made = fresh.json("import-zulip", str(archive))
    assert (made["name"], made["people"], made["messages"]) == ("Zulip & friends", 5, 11)
    assert "reminders: 1" in made["left_out"]


@pytest.mark.parametrize("email", ["boss@example.com", "bob@example.com"])
def test_the_owner_stays(fresh: ServerProcess, archive: Path, email: str) -> None:
    """Whether or not they are in the archive."""
    store = Store(fresh.data, SystemClock())
    realm_actions.prepare(store)
    owner = user_actions.create(
        store, email=email, full_name="Boss", role=Role.OWNER, password="correct horse battery"
    )
    store.close()
    assert fresh.command("import-zulip", str(archive)).returncode == 0
    listed = {each["email"]: each for each in fresh.json("user", "list")}
    assert listed[email]["role"] == "owner"
    assert owner.api_key in fresh.command("user", "zuliprc", email).stdout


def test_beside_a_server(serve: Serve, archive: Path) -> None:
    server = serve().start()
    done = server.command("import-zulip", str(archive))
    assert (done.returncode, "is in use by process" in done.stderr) == (2, True)


def test_what_is_no_archive(fresh: ServerProcess, tmp_path: Path) -> None:
    done = fresh.command("import-zulip", str(tmp_path / "no.tar.gz"))
    assert (done.returncode, done.stderr) == (2, f"appliance: there is no {tmp_path / 'no.tar.gz'}\n")
    assert names(fresh.data) == PREPARED


@pytest.mark.parametrize(
    ("point", "call"),
    [
        ("appliance.actions.import_zulip.unpacked:_extract", 5),
        ("appliance.actions.import_zulip.personal:copy", 1),
        ("appliance.actions.import_zulip.messages:Messages.copy", 2),
        (f"{WHOLE}:_put_files_in_place", 1),
        ("appliance.store.new_file:put_in_place", 1),
        ("appliance.base.files:give_to_owner", 1),
    ],
)
def test_killed_in_the_middle(fresh: ServerProcess, archive: Path, point: str, call: int) -> None:
    """Nothing has happened; and what was left goes when it is tried again."""
    killed = fresh.run_with(die_in(point, call), "import-zulip", str(archive))
    assert killed.returncode == -9, killed.stderr
    assert fresh.json("user", "list") == []
    done = fresh.command("import-zulip", str(archive))
    assert done.returncode == 0, done.stderr
    assert names(fresh.data) == PREPARED | {"uploads"}
    assert len(fresh.json("user", "list")) == 5
