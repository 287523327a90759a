"""`appliance messages`: deleted messages are listed and restored beside a running server."""

from tests.conftest import until
from tests.process.client import Person
from tests.process.server import ServerProcess


def texts(person: Person) -> list[str]:
    found = person.ask("GET", "/messages", anchor="newest", num_before=10, num_after=0, apply_markdown=False)
    return [each["content"] for each in found["messages"]]


def test_restoring(server: ServerProcess) -> None:
    """A client that was connected begins anew, and finds it."""
    iago, hamlet = server.people("iago", "hamlet")
    poller = hamlet.register()
    first = hamlet.send(iago, "oh no")
    hamlet.send(iago, "oh yes")
    iago.ask("DELETE", f"/messages/{first}")
    assert texts(hamlet) == ["oh yes"]
    [listed] = server.json("messages", "deleted")
    assert (listed["id"], listed["sender"], listed["content"]) == (first, hamlet.email, "oh no")
    shown = server.command("messages", "deleted").stdout.splitlines()
    assert shown[0].split()[:3] == ["ID", "DELETED", "BY"]
    assert server.json("messages", "restore", str(first)) == {"restored": [first]}
    until(lambda: not queue_is_there(poller.queue_id, server))
    assert texts(hamlet) == ["oh no", "oh yes"]
    assert server.json("messages", "deleted") == []


def queue_is_there(queue_id: str, server: ServerProcess) -> bool:
    return any(queue_id.startswith(each["queue_id"][:8]) for each in server.json("queues"))


def test_one_that_is_not_there(server: ServerProcess) -> None:
    done = server.command("messages", "restore", "7")
    assert (done.returncode, done.stderr) == (
        2,
        "appliance: there is no deleted message 7 (see `appliance messages deleted`)\n",
    )
