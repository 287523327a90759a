"""The organization's icon and logos."""

import pytest

from appliance.actions.realm import picture as actions
from appliance.base.errors import ApiError
from appliance.model.realm_picture import ICON, LOGO, NIGHT_LOGO, Place, section
from appliance.store import realm as realms
from tests import pictures
from tests.actions.conftest import Team, Told
from tests.actions.files import received
from tests.store.test_uploads import files

URL = "https://chat.example.org"


def put(team: Team, place: Place, content: bytes = b"") -> str:
    file = received(team.store, content or pictures.plain(1600, 400))
    return actions.put(team.store, team.olga, place, file, URL)


def shown(team: Team) -> dict[str, str]:
    with team.store.read() as reader:
        return section(realms.get(reader).settings, URL)


def test_at_first_there_is_a_usual_one(team: Team) -> None:
    usual = f"{URL}/static/icon.png"
    assert shown(team) == {
        "realm_icon_source": "U",
        "realm_icon_url": usual,
        "realm_logo_source": "D",
        "realm_logo_url": usual,
        "realm_night_logo_source": "D",
        "realm_night_logo_url": usual,
    }


@pytest.mark.parametrize(
    ("place", "size"), [(ICON, (100, 100)), (LOGO, (400, 100)), (NIGHT_LOGO, (400, 100))]
)
def test_setting_one(team: Team, told: Told, place: Place, size: tuple[int, int]) -> None:
    url = put(team, place)
    [file] = files(team.store.uploads)
    assert url == f"{URL}/user_avatars/{file.removeprefix('avatars/')}"
    assert pictures.opened((team.store.uploads.folder / file).read_bytes()).size == size
    event, people = told.one()
    assert event == {
        "type": "realm",
        "op": "update_dict",
        "property": place.name,
        "data": {f"{place.name}_source": "U", f"{place.name}_url": url},
    }
    assert len(people) == 5
    assert shown(team)[f"realm_{place.name}_url"] == url


def test_another_takes_its_place(team: Team) -> None:
    assert put(team, ICON) != put(team, ICON)
    assert len(files(team.store.uploads)) == 1


def test_taking_it_away(team: Team, told: Told) -> None:
    put(team, LOGO)
    told.look()
    assert actions.drop(team.store, team.olga, LOGO, URL) == f"{URL}/static/icon.png"
    assert told.one()[0]["data"]["logo_source"] == "D"
    assert files(team.store.uploads) == []
    assert shown(team)["realm_logo_source"] == "D"


def test_only_administrators(team: Team) -> None:
    file = received(team.store, pictures.plain())
    for deed in (
        lambda: actions.put(team.store, team.ann, ICON, file, URL),
        lambda: actions.drop(team.store, team.ann, ICON, URL),
    ):
        with pytest.raises(ApiError, match="Must be an organization administrator"):
            deed()
    assert files(team.store.uploads) == []


def test_other_settings_stay(team: Team) -> None:
    team.set_realm(mandatory_topics=True)
    put(team, ICON)
    with team.store.read() as reader:
        assert realms.get(reader).setting("mandatory_topics")
