"""Bots that people make for themselves: who may, who is told, who sees them."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.bot import account as actions
from appliance.actions.bot.account import Changes, Wanted
from appliance.actions.user import deactivation
from appliance.base.errors import ApiError
from appliance.model.bot import EMBEDDED, GENERIC, INCOMING_WEBHOOK, MOST_OF_AN_OWNER, OUTGOING_WEBHOOK, SLACK
from appliance.model.group import ID
from appliance.model.user import User
from appliance.store import bot_service
from appliance.store import user as users
from tests.actions.conftest import Team, Told
from tests.conftest import stored

Make = Callable[..., User]


@pytest.fixture
def make(team: Team) -> Make:
    """By Ann, unless somebody else is named."""

    def made(owner: User | None = None, **wanted: Any) -> User:
        fields = {"full_name": "Ping", "short_name": "ping", **wanted}
        return actions.create(team.store, owner or team.ann, Wanted(**fields), "chat.test")

    return made


def test_a_bot(team: Team, make: Make, told: Told) -> None:
    bot = make()
    assert (bot.email, bot.full_name, bot.bot_owner_id) == ("ping-bot@chat.test", "Ping", team.ann.id)
    everybody = [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen, bot)]
    assert told.kinds() == [
        ("realm_user/add", everybody),
        *[("user_group/add_members", everybody)] * 2,  # members, and full members
        ("realm_bot/add", [team.olga.id, team.ann.id]),
    ]


def test_an_outgoing_webhook_has_a_service(team: Team, make: Make, told: Told) -> None:
    bot = make(bot_type=OUTGOING_WEBHOOK, payload_url="https://bot.test/hook", interface=SLACK)
    event, seers = told.one("realm_bot")
    [service] = event["bot"]["services"]
    assert {**service, "token": ""} == {"base_url": "https://bot.test/hook", "interface": SLACK, "token": ""}
    assert len(service["token"]) == 32
    assert seers == [team.olga.id, team.ann.id]
    with team.store.read() as reader:
        assert [each.bot_id for each in bot_service.of_bot(reader, bot.id)] == [bot.id]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"short_name": "a b"}, "Bad name or username"),
        ({"short_name": "-bot"}, "Bad name or username"),
        ({"short_name": "x@y"}, "Bad name or username"),
        ({"short_name": "a\nb"}, "Bad name or username"),
        ({"full_name": "*"}, "Name too short!"),
        ({"full_name": "a*b"}, "Invalid characters in name!"),
        ({"full_name": "Bob"}, "Name is already in use!"),
        ({"bot_type": EMBEDDED}, "Embedded bots are not enabled."),
        ({"bot_type": 5}, "Invalid bot type"),
        ({"bot_type": OUTGOING_WEBHOOK, "interface": 3}, "Invalid interface type"),
    ],
)
def test_what_cannot_be_made(team: Team, make: Make, told: Told, wanted: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiError, match=words):
        make(**wanted)
    assert told.look() == []


def test_an_address_is_taken_once(make: Make) -> None:
    make()
    with pytest.raises(ApiError, match="Username already in use"):
        make(full_name="Pong")


@pytest.mark.parametrize("who", ["gwen", "bot"])
def test_guests_and_bots_make_none(team: Team, make: Make, who: str) -> None:
    owner = team.gwen if who == "gwen" else make()
    with pytest.raises(ApiError, match="Insufficient permission"):
        make(owner, full_name="Other", short_name="other")


def test_nobody_fills_the_organization_with_bots(
    team: Team, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_OF_AN_OWNER == 100
    monkeypatch.setattr(actions, "MOST_OF_AN_OWNER", 1)
    make()
    with pytest.raises(ApiError, match="more than 1 bots"):
        make(full_name="Pong", short_name="pong")


@pytest.mark.parametrize(
    ("who", "may"), [("olga", True), ("ann", True), ("bob", False), ("erin", False), ("gwen", False)]
)
def test_who_may_change_it(team: Team, make: Make, who: str, may: bool) -> None:
    bot, changes = make(), Changes(full_name="Pong")
    if may:
        assert actions.change(team.store, getattr(team, who), bot.id, changes)["full_name"] == "Pong"
    else:
        with pytest.raises(ApiError, match="No such bot"):
            actions.change(team.store, getattr(team, who), bot.id, changes)
        assert stored(team.store, bot).full_name == "Ping"


def test_a_person_is_no_bot(team: Team) -> None:
    with pytest.raises(ApiError, match="No such bot"):
        actions.change(team.store, team.olga, team.bob.id, Changes(full_name="Pong"))


def test_a_new_owner(team: Team, make: Make, told: Told) -> None:
    bot = make()
    told.look()
    actions.change(team.store, team.ann, bot.id, Changes(owner_id=team.bob.id))
    assert [kind for kind in told.kinds() if kind[0].startswith("realm_bot")] == [
        ("realm_bot/delete", [team.ann.id]),
        ("realm_bot/add", [team.bob.id]),
        ("realm_bot/update", [team.olga.id]),
    ]
    assert actions.own(team.store, team.ann) == []
    assert [each["user_id"] for each in actions.own(team.store, team.bob)] == [bot.id]


@pytest.mark.parametrize("owner", ["nobody", "another bot"])
def test_who_cannot_own_a_bot(team: Team, make: Make, owner: str) -> None:
    bot = make()
    owner_id = 10**6 if owner == "nobody" else bot.id
    with pytest.raises(ApiError, match="Failed to change owner"):
        actions.change(team.store, team.ann, bot.id, Changes(owner_id=owner_id))


def test_another_address_of_its_service(team: Team, make: Make, told: Told) -> None:
    bot = make(bot_type=OUTGOING_WEBHOOK, payload_url="https://bot.test/hook")
    told.look()
    actions.change(team.store, team.ann, bot.id, Changes(payload_url="https://bot.test/new"))
    event, seers = told.one("realm_bot")
    assert [each["base_url"] for each in event["bot"]["services"]] == ["https://bot.test/new"]
    assert seers == [team.olga.id, team.ann.id]


def test_only_an_outgoing_webhook_has_one(team: Team, make: Make) -> None:
    with pytest.raises(ApiError, match="Only outgoing webhook bots"):
        actions.change(team.store, team.ann, make().id, Changes(payload_url="https://bot.test/new"))


@pytest.mark.parametrize(
    ("content", "wanted", "hears"),
    [
        ("@**Ping** hello", {}, True),
        ("@**Ping** hello", {"bot_type": INCOMING_WEBHOOK}, False),
        ("@_**Ping** hello", {}, False),
        ("hello", {}, False),
    ],
)
def test_who_mentions_a_bot_is_heard(
    team: Team, make: Make, told: Told, content: str, wanted: dict[str, Any], hears: bool
) -> None:
    """It need not be in the channel."""
    bot = make(**wanted)
    told.look()
    team.send(team.ann, "public", content)
    _, seers = told.one("message")
    assert (bot.id in seers) is hears


def test_bots_go_with_their_owner(team: Team, make: Make) -> None:
    bot = make()
    deactivation.deactivate(team.store, team.ann)
    assert not stored(team.store, bot).is_active
    with team.store.read() as reader:
        assert [each.id for each in users.bots_of(reader, team.ann.id)] == [bot.id]


@pytest.mark.parametrize(
    ("permissions", "generic", "webhook"),
    [
        ({}, True, True),
        ({"can_create_bots_group": ID["role:administrators"]}, False, True),
        (
            {
                "can_create_bots_group": ID["role:administrators"],
                "can_create_write_only_bots_group": ID["role:nobody"],
            },
            False,
            False,
        ),
        ({"can_create_write_only_bots_group": ID["role:nobody"]}, True, True),
    ],
)
def test_the_organization_says_who_makes_bots(
    team: Team, make: Make, permissions: dict[str, int], generic: bool, webhook: bool
) -> None:
    team.set_realm(**permissions)
    for bot_type, allowed in ((GENERIC, generic), (INCOMING_WEBHOOK, webhook)):
        wanted = {"full_name": f"Bot {bot_type}", "short_name": f"b{bot_type}", "bot_type": bot_type}
        if allowed:
            make(**wanted)
        else:
            with pytest.raises(ApiError, match="Insufficient permission"):
                make(**wanted)


def test_neither_guests_nor_bots_make_bots(team: Team, make: Make) -> None:
    bot = make()
    team.set_realm(can_create_bots_group={"direct_members": [team.gwen.id, bot.id], "direct_subgroups": []})
    for owner in (team.gwen, bot):
        with pytest.raises(ApiError, match="Insufficient permission"):
            make(owner=owner, full_name="Another", short_name="another")
