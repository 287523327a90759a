"""The commands, with a server on the folder and without one."""

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import zulip

from tests.conftest import until
from tests.process.client import Person, request
from tests.process.conftest import Serve
from tests.process.server import NAMES, ServerProcess

SHOWN = {"user_id", "email", "full_name", "role", "is_active", "is_bot"}
ADD = ("user", "add", "bea@chat.test", "--name", "Bea")


@pytest.fixture(params=["running", "stopped"])
def folder(request: pytest.FixtureRequest, serve: Serve) -> ServerProcess:
    """A data folder; a server runs on it, or not."""
    server = serve()
    return server.start() if request.param == "running" else server


def running(folder: ServerProcess) -> ServerProcess:
    """The server of that folder, now at the latest."""
    return folder if folder.running else folder.start()


def person(server: ServerProcess, shown: dict[str, Any]) -> Person:
    return Person(server.port, shown["user_id"], shown["email"], shown["api_key"])


def refused(server: ServerProcess, *arguments: str) -> str:
    """The one line of a command that cannot be done."""
    done = server.command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("appliance: ")
    return line.removeprefix("appliance: ")


# People


def test_adding_somebody(folder: ServerProcess) -> None:
    added = folder.json(*ADD)
    assert {**added, "api_key": ""} == {
        "user_id": 6,
        "email": "bea@chat.test",
        "full_name": "Bea",
        "role": "member",
        "is_active": True,
        "is_bot": False,
        "api_key": "",
    }
    bea = person(running(folder), added)
    assert bea.ask("GET", "/users/me")["full_name"] == "Bea"
    [channel] = bea.ask("GET", "/users/me/subscriptions")["subscriptions"]
    assert channel["name"] == "general"


@pytest.mark.parametrize(("role", "number"), [("owner", 100), ("moderator", 300), ("guest", 600)])
def test_adding_somebody_with_a_role(serve: Serve, role: str, number: int) -> None:
    server = serve()
    added = server.json(*ADD, "--role", role)
    assert added["role"] == role
    assert person(server.start(), added).ask("GET", "/users/me")["role"] == number


def test_adding_somebody_with_a_password(folder: ServerProcess) -> None:
    done = folder.command(*ADD, "--password-stdin", "--json", input="correct horse\n")
    added = json.loads(done.stdout)
    body = "username=bea@chat.test&password=correct+horse"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    port = running(folder).port
    answer = request(port, "POST", "/api/v1/fetch_api_key", body=body, headers=form)
    assert answer.body["api_key"] == added["api_key"]


def test_adding_a_bot(folder: ServerProcess) -> None:
    added = folder.json(*ADD, "--bot")
    assert added["is_bot"] is True
    assert person(running(folder), added).ask("GET", "/users/me")["bot_type"] == 1


def test_who_is_connected_hears_of_it_at_once(server: ServerProcess, hamlet: Person) -> None:
    poller = hamlet.register(event_types=["realm_user"]).start()
    until(lambda: server.metric("appliance_parked_polls"))
    added = server.json(*ADD)
    ended = time.monotonic()
    [event] = until(lambda: poller.events)
    assert time.monotonic() - ended < 5  # at once, that is: not when the next ticker rings
    assert (event["op"], event["person"]["user_id"]) == ("add", added["user_id"])


def test_a_command_while_the_server_starts_does_not_hurt_it(serve: Serve) -> None:
    """It tells the server by a signal, from the moment at which the folder names the process."""
    server = serve()
    server.launch()
    until(lambda: (server.data / "server.pid").read_text().startswith(f"{server.process.pid}\n"))
    added = server.json(*ADD)
    until(server.ready)
    assert person(server, added).ask("GET", "/users/me")["user_id"] == added["user_id"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("user", "add", "HAMLET@chat.test", "--name", "Other"), "Email is already in use"),
        (("user", "add", "nowhere", "--name", "Bea"), "Enter a valid email address."),
        (("user", "add", "bea@chat.test", "--name", ""), "Name too short!"),
        (("user", "deactivate", "bea@chat.test"), "nobody has the address bea@chat.test"),
        (("user", "zuliprc", "bea@chat.test"), "nobody has the address bea@chat.test"),
        (("user", "deactivate", "iago@chat.test"), "Cannot deactivate the only organization owner"),
        (("user", "link"), "the organization has an owner"),
        (("jobs", "show", "99"), "there is no job 99"),
    ],
)
def test_what_cannot_be_done(serve: Serve, arguments: tuple[str, ...], words: str) -> None:
    server = serve()
    before = server.json("user", "list")
    assert words in refused(server, *arguments)
    assert server.json("user", "list") == before


def test_everybody(folder: ServerProcess) -> None:
    everybody = folder.json("user", "list")
    assert [each["email"].partition("@")[0] for each in everybody] == list(NAMES)
    assert all(each.keys() == {*SHOWN, "last_visit"} for each in everybody)
    assert everybody[0] == {
        "user_id": 2,
        "email": "iago@chat.test",
        "full_name": "iago",
        "role": "owner",
        "is_active": True,
        "is_bot": False,
        "last_visit": None,
    }


def test_when_somebody_was_last_seen(server: ServerProcess, hamlet: Person) -> None:
    hamlet.call("GET", "/users/me")
    server.stop()
    server.start()
    until(lambda: server.json("user", "list")[1]["last_visit"] is not None)


def test_everybody_as_a_table(folder: ServerProcess) -> None:
    heading, *rows = folder.command("user", "list").stdout.splitlines()
    assert heading.split() == ["ID", "ADDRESS", "NAME", "ROLE", "ACTIVE", "BOT", "SEEN"]
    assert rows[1].split() == ["3", "hamlet@chat.test", "hamlet", "member", "True", "False"]


def test_a_zuliprc(folder: ServerProcess, tmp_path: Path) -> None:
    file = tmp_path / "zuliprc"
    file.write_text(folder.command("user", "zuliprc", "hamlet@chat.test").stdout)
    running(folder)
    assert zulip.Client(config_file=str(file)).get_profile()["full_name"] == "hamlet"


def test_a_zuliprc_for_another_address(folder: ServerProcess) -> None:
    found = folder.json("user", "zuliprc", "hamlet@chat.test", "--site", "https://chat.example.org")
    [hamlet] = folder.people("hamlet")
    assert found == {"email": hamlet.email, "key": hamlet.api_key, "site": "https://chat.example.org"}


def test_locking_somebody_out(folder: ServerProcess) -> None:
    found = folder.json("user", "deactivate", "hamlet@chat.test")
    assert found.keys() == SHOWN
    assert found["is_active"] is False
    running(folder)
    hamlet, cordelia = folder.people("hamlet", "cordelia")
    answer = hamlet.call("GET", "/users/me")
    assert (answer.status, answer.body["msg"]) == (401, "Account is deactivated")
    assert cordelia.ask("GET", f"/users/{hamlet.user_id}")["user"]["is_active"] is False


def test_who_is_locked_out_hears_no_more(server: ServerProcess, hamlet: Person, cordelia: Person) -> None:
    locked_out, other = hamlet.register(), cordelia.register(event_types=["realm_user", "message"])
    server.command("user", "deactivate", hamlet.email)
    [event] = until(other.poll)
    assert event["person"] == {"user_id": hamlet.user_id, "is_active": False}
    locked_out.poll(dont_block=True)
    assert locked_out.refusal is not None
    assert locked_out.refusal.status == 401


def test_a_new_key(folder: ServerProcess) -> None:
    [hamlet] = folder.people("hamlet")
    renewed = folder.json("user", "reset-key", hamlet.email)
    assert renewed["api_key"] != hamlet.api_key
    running(folder)
    assert hamlet.call("GET", "/users/me").status == 401
    assert person(folder, renewed).ask("GET", "/users/me")["user_id"] == hamlet.user_id


def test_a_login_link(folder: ServerProcess) -> None:
    link = folder.json("user", "link", "hamlet@chat.test")["link"]
    assert link.startswith(f"{folder.url}/login/")
    assert link == link.strip()
    assert folder.command("user", "link", "hamlet@chat.test").stdout.startswith(f"{folder.url}/login/")


def test_the_link_of_the_first_owner(serve: Serve) -> None:
    server = serve()
    server.data = server.data / "new"
    assert server.json("user", "link")["link"].startswith(f"{server.url}/owner/")


# Jobs


@pytest.fixture
def with_job(server: ServerProcess, hamlet: Person, cordelia: Person) -> ServerProcess:
    """A mail for cordelia waits for its time."""
    hamlet.send(cordelia, "hello")
    until(lambda: server.json("jobs", "list", "--queue", "missedmessage_email_batches"))
    return server


def test_jobs(with_job: ServerProcess) -> None:
    running = with_job.json("jobs", "list")
    with_job.kill()
    assert with_job.json("jobs", "list") == running
    [job] = running
    assert with_job.json("jobs", "show", str(job["id"])) == {**job, "event": {"user_profile_id": 4}}
    assert {name: job[name] for name in ("queue", "state", "failed_tries", "error", "died")} == {
        "queue": "missedmessage_email_batches",
        "state": "waiting",
        "failed_tries": 0,
        "error": None,
        "died": None,
    }
    assert 0 < job["run_at"] - time.time() <= 121
    assert with_job.json("jobs", "list", "--dead") == []
    assert with_job.json("jobs", "list", "--queue", "other") == []


def test_jobs_as_a_table(with_job: ServerProcess) -> None:
    heading, row = with_job.command("jobs", "list").stdout.splitlines()
    assert heading.startswith("ID  QUEUE")
    assert "missedmessage_email_batches" in row


# The state of things


def levels(server: ServerProcess) -> dict[str, str]:
    return {each["name"]: each["level"] for each in server.json("doctor")}


def test_doctor(folder: ServerProcess) -> None:
    assert levels(folder) == {
        "disk": "ok",
        "server": "ok" if folder.running else "warning",
        "address": "warning",
        "mail": "warning",
        "pictures": "ok",
        "outside": "ok",
        "durability": "ok",
        "database": "ok",
        "owner": "ok",
        "jobs": "ok",
        "push": "ok",
        "push by web": "ok",
        "push by ntfy": "ok",
    }


def test_doctor_says_what_to_do(serve: Serve) -> None:
    server = serve()
    lines = server.command("doctor").stdout.splitlines()
    assert "WARNING server: not running; start it with `appliance serve`" in lines


def test_doctor_of_a_damaged_file(serve: Serve) -> None:
    server = serve()
    with (server.data / "appliance.db").open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40_000)
    done = server.command("doctor", "--json")
    assert done.returncode == 1
    assert "error" in {each["level"] for each in json.loads(done.stdout)}
    assert "Traceback" not in done.stderr


def test_the_configuration(folder: ServerProcess) -> None:
    assert folder.json("config", "check") == {"mistakes": []}
    shown = folder.json("config", "show")
    assert shown["server.data"] == {"value": str(folder.data), "source": "--data"}
    assert shown["server.listen"] == {
        "value": f"127.0.0.1:{folder.port}",
        "source": "APPLIANCE_SERVER_LISTEN",
    }
    assert "server" in tomllib.loads(folder.command("config", "example").stdout)


def test_a_mistaken_configuration(serve: Serve) -> None:
    server = serve()
    (server.data / "config.toml").write_text("[server]\nlisten = 9991\ntreads = 8\n")
    done = server.command("config", "check", "--json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["mistakes"]) == 2
    assert server.command("user", "list").returncode == 2


# The command line itself


@pytest.mark.parametrize("arguments", [[], ["frob"], ["user"], ["user", "add"], ["jobs", "show", "x"]])
def test_arguments_that_make_no_sense(serve: Serve, arguments: list[str]) -> None:
    done = serve().command(*arguments)
    assert done.returncode == 2
    assert "usage: appliance" in done.stderr


@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_common_options_stand_before_the_command_or_after_it(serve: Serve, first: bool) -> None:
    server = serve()
    common, command = ["--data", str(server.data), "--json"], ["user", "list"]
    done = server.run(*(common + command if first else command + common))
    assert len(json.loads(done.stdout)) == 4


def test_the_folder_of_the_environment(serve: Serve) -> None:
    server = serve()
    assert len(json.loads(server.run("user", "list", "--json", APPLIANCE_DATA=str(server.data)).stdout)) == 4
