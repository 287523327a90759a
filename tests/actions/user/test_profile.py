"""Custom profile fields, and what people say in them."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from appliance.actions.user import change as user_change
from appliance.actions.user import deactivation, people
from appliance.actions.user import profile as profile_actions
from appliance.actions.user import profile_field as actions
from appliance.actions.user.change import Changes
from appliance.actions.user.profile_field import Wish
from appliance.base.errors import ApiError, NotAllowed
from appliance.model import profile as model
from appliance.model.profile import FieldType
from appliance.model.user import User
from tests.actions.conftest import Team, Told
from tests.conftest import MakeUser

EDITORS = {"v": {"text": "Vim", "order": "1"}, "e": {"text": "Emacs", "order": "2"}}


def add(team: Team, type: FieldType = FieldType.SHORT_TEXT, name: str = "Phone", **wish: Any) -> int:
    return actions.create(team.store, team.olga, type, Wish(name, **wish))


def listed(team: Team) -> list[dict[str, Any]]:
    with team.store.read() as reader:
        return actions.listed(reader)


def profile_of(team: Team, user: User) -> dict[int, Any]:
    with team.store.read() as reader:
        found: dict[int, Any] = people.shown(reader, team.bob, user, profile=True)["profile_data"]
    return found


def say(team: Team, user: User, field_id: int, value: Any) -> None:
    profile_actions.change(team.store, user, [{"id": field_id, "value": value}])


# -- fields


def test_a_new_field_is_told_to_all(team: Team, told: Told) -> None:
    add(team, hint="With the country", required=True, in_summary=True)
    event, users = told.one("custom_profile_fields")
    assert event["fields"] == listed(team)
    assert len(users) == 5
    [field] = listed(team)
    assert (field["name"], field["hint"], field["order"], field["required"]) == (
        "Phone",
        "With the country",
        1,
        True,
    )


def test_a_field_for_a_known_site_is_named_by_it(team: Team) -> None:
    add(team, FieldType.EXTERNAL_ACCOUNT, "", data={"subtype": "github"})
    assert listed(team)[0]["name"] == "GitHub username"


def test_a_field_is_changed_in_part(team: Team, told: Told) -> None:
    field_id = add(team, hint="old", in_summary=True)
    before = listed(team)[0]
    told.look()
    actions.change(team.store, team.olga, field_id, Wish(hint="new", editable_by_user=False))
    assert told.one()[0]["fields"] == [{**before, "hint": "new", "editable_by_user": False}]
    actions.change(team.store, team.olga, field_id, Wish(hint="new"))
    assert told.look() == []


@pytest.mark.parametrize(
    "wish",
    [Wish("Phone"), Wish(""), Wish("x" * 41), Wish("A", hint="x" * 81), Wish("A", in_summary=True)],
    ids=["taken", "blank", "long", "long hint", "third in the summary"],
)
def test_a_bad_field_is_not_made(team: Team, told: Told, wish: Wish) -> None:
    for name in ("Phone", "Birthday"):
        add(team, name=name, in_summary=True)
    told.look()
    with pytest.raises(ApiError):
        actions.create(team.store, team.olga, FieldType.SHORT_TEXT, wish)
    assert told.look() == []
    assert len(listed(team)) == 2


def test_there_are_so_many_at_most(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_FIELDS", 2)
    add(team, name="One")
    add(team, name="Two")
    with pytest.raises(ApiError, match="There can be 2 profile fields at most"):
        add(team, name="Three")


def test_their_order(team: Team, told: Told) -> None:
    one, two = add(team, name="One"), add(team, name="Two")
    actions.reorder(team.store, team.olga, [two, one])
    assert [(each["id"], each["order"]) for each in listed(team)] == [(two, 1), (one, 2)]
    for order in ([two], [two, one, one], [two, 99]):
        with pytest.raises(ApiError, match="Invalid order mapping"):
            actions.reorder(team.store, team.olga, order)


def test_only_administrators_make_fields(team: Team, told: Told) -> None:
    deeds: tuple[Callable[[], object], ...] = (
        lambda: actions.create(team.store, team.ann, 1, Wish("Mine")),
        lambda: actions.change(team.store, team.ann, 1, Wish("Mine")),
        lambda: actions.drop(team.store, team.ann, 1),
        lambda: actions.reorder(team.store, team.ann, []),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed, match="Must be an organization administrator"):
            deed()
    assert told.look() == []


def test_fields_that_are_not_there(team: Team) -> None:
    deeds: tuple[Callable[[], object], ...] = (
        lambda: actions.change(team.store, team.olga, 99, Wish("A")),
        lambda: actions.drop(team.store, team.olga, 99),
        lambda: say(team, team.ann, 99, "hello"),
    )
    for deed in deeds:
        with pytest.raises(ApiError, match=r"Field id 99 not found\."):
            deed()


# -- values


def test_what_somebody_says_is_told_and_rendered(team: Team, told: Told) -> None:
    field_id = add(team)
    told.look()
    say(team, team.ann, field_id, "*0123*")
    rendered = "<p><em>0123</em></p>"
    event, users = told.one()
    assert event["person"] == {
        "user_id": team.ann.id,
        "custom_profile_field": {"id": field_id, "value": "*0123*", "rendered_value": rendered},
    }
    assert len(users) == 5
    assert profile_of(team, team.ann) == {field_id: {"value": "*0123*", "rendered_value": rendered}}
    say(team, team.ann, field_id, "*0123*")
    assert told.look() == []


def test_other_types_are_not_rendered(team: Team) -> None:
    field_id = add(team, FieldType.SELECT, data=EDITORS)
    say(team, team.ann, field_id, "v")
    assert profile_of(team, team.ann) == {field_id: {"value": "v"}}


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_was_said_is_taken_back(team: Team, told: Told, nothing: Any) -> None:
    field_id = add(team)
    say(team, team.ann, field_id, "0123")
    told.look()
    say(team, team.ann, field_id, nothing)
    assert told.one()[0]["person"]["custom_profile_field"] == {"id": field_id, "value": None}
    assert profile_of(team, team.ann) == {}
    profile_actions.remove(team.store, team.ann, [field_id])
    assert told.look() == []


def test_all_or_nothing(team: Team, told: Told) -> None:
    one, two = add(team, name="One"), add(team, FieldType.DATE, "Two")
    told.look()
    given = [{"id": one, "value": "fine"}, {"id": two, "value": "nonsense"}]
    with pytest.raises(ApiError, match="Two is not a date"):
        profile_actions.change(team.store, team.ann, given)
    assert profile_of(team, team.ann) == {}
    assert told.look() == []


@pytest.mark.parametrize(
    "given", [["x"], [{"id": 1}], [{"value": "x"}], [{"id": True, "value": "x"}], [{"id": "1", "value": "x"}]]
)
def test_nonsense(team: Team, given: list[Any]) -> None:
    add(team)
    with pytest.raises(ApiError, match="profile_data is not a list of"):
        profile_actions.change(team.store, team.ann, given)


def test_people_that_a_field_names_are_there(team: Team, make_user: MakeUser) -> None:
    field_id, bot = add(team, FieldType.USER), make_user("Robot", is_bot=True)
    say(team, team.ann, field_id, [team.bob.id])
    assert profile_of(team, team.ann) == {field_id: {"value": f"[{team.bob.id}]"}}
    deactivation.deactivate(team.store, team.bob)
    for user_id, msg in ((99_999, "Invalid user ID"), (bot.id, "is a bot"), (team.bob.id, "is deactivated")):
        with pytest.raises(ApiError, match=msg):
            say(team, team.ann, field_id, [user_id])


def test_a_field_may_be_for_administrators_alone(team: Team) -> None:
    field_id = add(team, editable_by_user=False)
    with pytest.raises(ApiError, match="Only administrators change this field"):
        say(team, team.ann, field_id, "0123")
    change = Changes(profile=[{"id": field_id, "value": "0123"}])
    user_change.change(team.store, team.olga, team.ann.id, change)
    assert profile_of(team, team.ann)[field_id]["value"] == "0123"


def test_a_field_that_goes_takes_what_was_said(team: Team, told: Told) -> None:
    field_id = add(team)
    say(team, team.ann, field_id, "0123")
    told.look()
    actions.drop(team.store, team.olga, field_id)
    seen = [event for event, _ in told.look()]
    assert seen[0]["person"]["custom_profile_field"] == {"id": field_id, "value": None}
    assert seen[1] == {"type": "custom_profile_fields", "fields": []}
    assert profile_of(team, team.ann) == {}


def test_who_had_chosen_what_is_no_choice_any_more_has_chosen_nothing(team: Team, told: Told) -> None:
    field_id = add(team, FieldType.SELECT, data=EDITORS)
    say(team, team.ann, field_id, "v")
    say(team, team.bob, field_id, "e")
    actions.change(team.store, team.olga, field_id, Wish(data={"v": EDITORS["v"]}))
    assert orjson.loads(listed(team)[0]["field_data"]) == {"v": EDITORS["v"]}
    assert profile_of(team, team.ann) == {field_id: {"value": "v"}}
    assert profile_of(team, team.bob) == {}
