"""The organization's own emoji: making, using, and taking them out of use."""

from typing import Any

import pytest

from appliance.actions.message import emoji
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.realm import emoji as actions
from appliance.actions.user import status as status_actions
from appliance.base.errors import ApiError, NotAllowed
from appliance.model import picture
from appliance.model import realm_emoji as model
from appliance.model.group import ID
from appliance.model.reaction import REALM, Emoji
from appliance.model.realm_emoji import RealmEmoji
from appliance.model.user import User
from appliance.model.user_status import Change
from appliance.store import realm_emoji as emojis
from tests import pictures
from tests.actions.conftest import PUBLIC, Team, Told, read_one
from tests.actions.files import received
from tests.store.test_uploads import files


def add(team: Team, name: str = "party", by: User | None = None, content: bytes = b"") -> RealmEmoji:
    person = by or team.ann
    name = actions.check_adds(team.store, person, name)
    actions.add(team.store, person, name, received(team.store, content or pictures.plain(100, 50)))
    with team.store.read() as reader:
        return emojis.active(reader)[name]


def shown(team: Team) -> dict[str, Any]:
    with team.store.read() as reader:
        return actions.everything(reader)


def react(team: Team, user: User, message_id: int, asked: Emoji) -> None:
    reaction_actions.add(team.store, user, message_id, asked)


def as_reaction(own: RealmEmoji) -> Emoji:
    return Emoji(own.name, str(own.id), REALM)


def test_making_one(team: Team, told: Told) -> None:
    made = add(team, "Party Blob")
    [file] = files(team.store.uploads)
    assert pictures.opened((team.store.uploads.folder / file).read_bytes()).size == (64, 64)
    assert shown(team) == {
        "1": {
            "id": "1",
            "name": "party_blob",
            "source_url": f"/user_avatars/{file.removeprefix('avatars/')}",
            "still_url": None,
            "author_id": team.ann.id,
            "deactivated": False,
        }
    }
    event, people = told.one()
    assert event == {"type": "realm_emoji", "op": "update", "realm_emoji": shown(team)}
    assert people == [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]
    assert made.name == "party_blob"


def test_one_that_moves_has_a_still_picture(team: Team) -> None:
    made = add(team, content=pictures.animation())
    assert made.source_url.endswith(".gif")
    assert made.still_url is not None
    assert "/emoji/images/still/" in made.still_url
    assert len(files(team.store.uploads)) == 2


def test_a_name_is_taken_once(team: Team) -> None:
    add(team)
    with pytest.raises(ApiError, match="There is an emoji of this name already"):
        add(team, by=team.olga)
    with pytest.raises(ApiError, match="already"):  # it was taken meanwhile
        actions.add(team.store, team.bob, "party", received(team.store, pictures.plain()))
    assert len(files(team.store.uploads)) == 1


def test_only_administrators_take_a_name_that_everybody_has(team: Team) -> None:
    with pytest.raises(ApiError, match="only administrators replace it"):
        add(team, "smile")
    assert add(team, "smile", by=team.olga).name == "smile"


def test_who_may(team: Team) -> None:
    team.set_realm(can_add_custom_emoji_group=ID["role:administrators"])
    with pytest.raises(NotAllowed, match="Insufficient permission"):
        add(team)
    assert add(team, by=team.olga)


def test_guests_may_not(team: Team) -> None:
    with pytest.raises(NotAllowed):
        add(team, by=team.gwen)


@pytest.mark.parametrize("content", [b"x", pictures.SVG, pictures.bomb()])
def test_what_is_no_picture(team: Team, content: bytes) -> None:
    with pytest.raises(ApiError, match="no picture that the server can read"):
        add(team, content=content)
    assert (shown(team), files(team.store.uploads)) == ({}, [])


def test_so_many_and_no_more(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST", 1)
    add(team)
    with pytest.raises(ApiError, match="1 custom emoji at most"):
        add(team, "another")


def test_without_pillow(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "AVAILABLE", False)
    content = pictures.animation()
    made = add(team, content=content)
    assert (made.source_url.endswith(".gif"), made.still_url) == (True, None)
    [file] = files(team.store.uploads)
    assert (team.store.uploads.folder / file).read_bytes() == content


# Taking one out of use


def test_out_of_use(team: Team, told: Told) -> None:
    made = add(team)
    told.look()
    actions.deactivate(team.store, team.ann, "party")
    assert shown(team)["1"]["deactivated"]
    assert told.one()[0]["realm_emoji"]["1"]["deactivated"]
    assert files(team.store.uploads)  # messages still show it
    assert add(team).id != made.id  # the name is free


@pytest.mark.parametrize("name", ["nobody", "smile", "", "\0"])
def test_one_that_is_not_there(team: Team, name: str) -> None:
    with pytest.raises(ApiError, match=f"Emoji '{name}' does not exist") as refused:
        actions.deactivate(team.store, team.olga, name)
    assert refused.value.status == 404


def test_whose_it_is_not(team: Team) -> None:
    add(team)
    with pytest.raises(NotAllowed, match="Only administrators and whoever made it"):
        actions.deactivate(team.store, team.bob, "party")
    actions.deactivate(team.store, team.olga, "party")


# In reactions and statuses


def test_reacting_by_name_alone(team: Team, told: Told) -> None:
    made, message_id = add(team), team.send(team.ann, PUBLIC)
    told.look()
    react(team, team.bob, message_id, emoji.named(team.store, "party"))
    event, _ = told.one("reaction")
    said = (event["emoji_name"], event["emoji_code"], event["reaction_type"])
    assert said == ("party", str(made.id), "realm_emoji")


def test_ones_own_hides_the_usual_one_of_that_name(team: Team) -> None:
    made = add(team, "smile", by=team.olga)
    assert emoji.named(team.store, "smile") == as_reaction(made)
    assert emoji.named(team.store, "heart").type == "unicode_emoji"


@pytest.mark.parametrize(
    ("asked", "msg"),
    [
        (Emoji("party", "7", REALM), "Invalid custom emoji."),
        (Emoji("party", "-1", REALM), "Invalid custom emoji."),
        (Emoji("party", "١", REALM), "Invalid custom emoji."),
        (Emoji("party", "9" * 40, REALM), "Invalid custom emoji."),
        (Emoji("party", "1f642", REALM), "Invalid custom emoji."),
        (Emoji("other", "1", REALM), "Invalid custom emoji name."),
        (Emoji("party", "1", "unicode_emoji"), "Invalid emoji code."),
    ],
)
def test_what_is_no_emoji(team: Team, asked: Emoji, msg: str) -> None:
    add(team)
    message_id = team.send(team.ann, PUBLIC)
    with pytest.raises(ApiError) as refused:
        react(team, team.bob, message_id, asked)
    assert refused.value.msg == msg


def test_one_out_of_use_can_only_be_joined(team: Team) -> None:
    asked, first, second = as_reaction(add(team)), team.send(team.ann, PUBLIC), team.send(team.ann, PUBLIC)
    react(team, team.bob, first, asked)
    actions.deactivate(team.store, team.ann, "party")
    react(team, team.ann, first, asked)
    with pytest.raises(ApiError, match="This emoji is out of use"):
        react(team, team.bob, second, asked)
    reaction_actions.remove(team.store, team.bob, first, asked)


def test_in_a_message(team: Team) -> None:
    made, message_id = add(team), team.send(team.ann, PUBLIC, "hello :party:")
    html = read_one(team.store, team.bob, message_id).message.rendered_content
    assert f'src="{made.source_url}"' in html
    actions.deactivate(team.store, team.ann, "party")
    later = read_one(team.store, team.bob, team.send(team.ann, PUBLIC, "hello :party:")).message
    assert later.rendered_content == "<p>hello :party:</p>"


def test_in_a_status(team: Team, told: Told) -> None:
    asked = as_reaction(add(team))
    told.look()
    status_actions.change(team.store, team.ann, Change(None, asked, None))
    event, _ = told.one("user_status")
    assert (event["emoji_name"], event["reaction_type"]) == ("party", "realm_emoji")
    with pytest.raises(ApiError, match="Invalid custom emoji"):
        status_actions.change(team.store, team.ann, Change(None, asked._replace(code="77"), None))
