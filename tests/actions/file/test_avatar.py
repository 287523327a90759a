"""People's own pictures."""

import pytest

from appliance.actions.file import avatar as actions
from appliance.base.errors import ApiError
from appliance.model import picture
from appliance.model.user import User, picture_url
from tests import pictures
from tests.actions.conftest import Team, Told
from tests.actions.files import received
from tests.conftest import MakeUser
from tests.store.test_uploads import files


def put(team: Team, user: User, content: bytes = b"") -> User:
    return actions.put(
        team.store, team.again(user), received(team.store, content or pictures.plain(300, 200))
    )


def test_a_picture_in_two_sizes(team: Team) -> None:
    changed = put(team, team.ann)
    sizes = {
        pictures.opened((team.store.uploads.folder / each).read_bytes()).size
        for each in files(team.store.uploads)
    }
    assert sizes == {(100, 100), (500, 500)}
    assert picture_url(changed).startswith("/user_avatars/1/")
    assert picture_url(changed).endswith(".png?version=2")
    assert "-medium.png" in picture_url(changed, medium=True)


def test_everybody_hears(team: Team, told: Told) -> None:
    changed = put(team, team.ann)
    event, people = told.one()
    assert people == [each.id for each in (team.olga, team.ann, team.bob, team.erin, team.gwen)]
    assert event["person"] == {
        "user_id": team.ann.id,
        "avatar_url": picture_url(changed),
        "avatar_url_medium": picture_url(changed, medium=True),
        "avatar_source": "U",
        "avatar_version": 2,
    }


def test_a_new_picture_takes_the_place_of_the_old_one(team: Team) -> None:
    first, second = put(team, team.ann), put(team, team.ann)
    assert second.avatar_version == 3
    assert second.avatar_file != first.avatar_file
    assert len(files(team.store.uploads)) == 2


def test_taking_it_away(team: Team) -> None:
    put(team, team.ann)
    changed = actions.drop(team.store, team.ann)
    assert (picture_url(changed), changed.avatar_version) == (f"/avatar/{team.ann.id}", 3)
    assert files(team.store.uploads) == []


@pytest.mark.parametrize(
    "content", [b"x", pictures.SVG, pictures.HTML, pictures.bomb(), pictures.plain()[:40]]
)
def test_what_is_no_picture(team: Team, content: bytes) -> None:
    with pytest.raises(ApiError, match="no picture that the server can read"):
        put(team, team.ann, content)
    assert files(team.store.uploads) == []


def test_only_administrators_where_that_is_so(team: Team) -> None:
    put(team, team.ann)
    team.set_realm(avatar_changes_disabled=True)
    for deed in (lambda: put(team, team.ann), lambda: actions.drop(team.store, team.ann)):
        with pytest.raises(ApiError, match="Only administrators change pictures"):
            deed()
    assert team.again(team.ann).avatar_version == 2
    assert put(team, team.olga).avatar_file


def test_managers_of_a_bot_hear_of_its_picture(team: Team, make_user: MakeUser, told: Told) -> None:
    bot = make_user("Robot", is_bot=True)
    told.look()
    changed = put(team, bot)
    bots = [event["bot"] for event, _ in told.look() if event["type"] == "realm_bot"]
    assert bots == [{"user_id": bot.id, "avatar_url": picture_url(changed)}]


def test_without_pillow_a_picture_stays_as_it_is(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "AVAILABLE", False)
    content = pictures.plain(300, 200, "JPEG")
    changed = put(team, team.ann, content)
    assert changed.avatar_file is not None
    assert changed.avatar_file.endswith(".jpg")
    assert team.store.uploads.avatar(changed.avatar_file).read_bytes() == content
    for bad, msg in (
        (pictures.SVG, "no picture that the server can read"),
        (content + bytes(1 << 20), "cannot make pictures smaller"),
    ):
        with pytest.raises(ApiError, match=msg):
            put(team, team.ann, bad)
