"""`zulip-run-bot` and `zulip-botserver`: a bot that answers, and one that remembers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import until
from tests.process.client import GONE, Person, request
from tests.process.clients.conftest import BIN, Begin, listens, make_bot, zuliprc
from tests.process.server import ServerProcess, free_port

OUTGOING_WEBHOOK = 3


def said(person: Person, by: Person, narrow: list[list[str]]) -> list[str]:
    """What `by` wrote, as `person` sees it."""
    found = person.messages(narrow=narrow)
    return [each["content"] for each in found if each["sender_id"] == by.user_id]


def with_bot(bot: Person) -> list[list[str]]:
    return [["dm", bot.email]]


def mention(person: Person, bot: Person, topic: str) -> int:
    name = person.ask("GET", f"/users/{bot.user_id}")["user"]["full_name"]
    sent: int = person.ask(
        "POST", "/messages", type="channel", to="general", topic=topic, content=f"@**{name}** go on"
    )["id"]
    return sent


def start(server: ServerProcess, begin: Begin, name: str, bot: Person, folder: Path) -> None:
    begin(name, [BIN / "zulip-run-bot", name, "--config-file", zuliprc(bot, folder / f"{name}rc")])
    until(lambda: listens(server, bot))


def test_a_bot_that_answers(server: ServerProcess, hamlet: Person, begin: Begin, tmp_path: Path) -> None:
    bot = make_bot(hamlet, "hello")
    start(server, begin, "helloworld", bot, tmp_path)
    sent = hamlet.send(bot, "hello")
    until(lambda: said(hamlet, bot, with_bot(bot)) == ["beep boop"])
    until(lambda: hamlet.ask("GET", f"/messages/{sent}")["message"]["reactions"])
    asked = mention(hamlet, bot, "bots")
    until(lambda: said(hamlet, bot, [["topic", "bots"]]) == ["beep boop"])
    reactions = until(lambda: hamlet.ask("GET", f"/messages/{asked}")["message"]["reactions"])
    assert [each["emoji_name"] for each in reactions] == ["wave"]


def test_a_bot_that_remembers(server: ServerProcess, hamlet: Person, begin: Begin, tmp_path: Path) -> None:
    """It counts in the one message that it wrote."""
    bot = make_bot(hamlet, "count")
    start(server, begin, "incrementor", bot, tmp_path)
    mention(hamlet, bot, "numbers")
    until(lambda: said(hamlet, bot, [["topic", "numbers"]]) == ["1"])
    mention(hamlet, bot, "numbers")
    until(lambda: said(hamlet, bot, [["topic", "numbers"]]) == ["2"])
    until(lambda: bot.ask("GET", "/bot_storage")["storage"]["number"] == "2")


@pytest.fixture
def botserver(hamlet: Person, begin: Begin, tmp_path: Path) -> Iterator[Person]:
    """A bot whose service is a botserver."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    bot = make_bot(hamlet, "served", bot_type=OUTGOING_WEBHOOK, payload_url=f'"{address}"')
    [own] = [each for each in hamlet.ask("GET", "/bots")["bots"] if each["user_id"] == bot.user_id]
    config = tmp_path / "botserverrc"
    [service] = own["services"]
    zuliprc(bot, config)
    config.write_text(config.read_text().replace("[api]", "[helloworld]") + f"token={service['token']}\n")
    begin("botserver", [BIN / "zulip-botserver", "--config-file", config, "--port", str(port)])
    until(lambda: answers(port))
    yield bot
    assert " 401 " not in (tmp_path / "botserver.log").read_text()


def answers(port: int) -> bool:
    try:
        return request(port, "HEAD", "/").status == 405
    except GONE:
        return False


def test_a_service(hamlet: Person, botserver: Person) -> None:
    hamlet.send(botserver, "hello")
    until(lambda: said(hamlet, botserver, with_bot(botserver)) == ["beep boop"])
    mention(hamlet, botserver, "services")
    until(lambda: said(hamlet, botserver, [["topic", "services"]]) == ["beep boop"])
