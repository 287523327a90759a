"""Custom profile fields: what a field may be, and what may be in one."""

from typing import Any

import orjson
import pytest

from appliance.base.errors import ApiError
from appliance.model import profile
from appliance.model.profile import FieldType, ProfileField, public

CHOICES = {"v": {"text": "Vim", "order": "1"}, "e": {"text": "Emacs", "order": "2"}}
CUSTOM = {"subtype": "custom", "url_pattern": "https://a.test/%(username)s"}


def field(type: FieldType, data: Any = None) -> ProfileField:
    return ProfileField(3, type, "Field", data=orjson.dumps(data).decode() if data else "", position=2)


def refused(do: Any, *arguments: Any) -> str:
    with pytest.raises(ApiError) as raised:
        do(*arguments)
    return raised.value.msg


@pytest.mark.parametrize("name", ["", "  "])
def test_a_field_has_a_name(name: str) -> None:
    assert refused(profile.check_label, name) == "Name cannot be blank."


def test_names_and_hints_are_short() -> None:
    assert profile.check_label(" " + "x" * 40 + " ") == "x" * 40
    assert refused(profile.check_label, "x" * 41) == "name is too long (limit: 40 characters)"
    assert profile.check_hint("x" * 80) == "x" * 80
    assert refused(profile.check_hint, "x" * 81) == "hint is too long (limit: 80 characters)"


@pytest.mark.parametrize("type", [0, 9, -1])
def test_there_are_eight_types(type: int) -> None:
    assert refused(profile.check_type, type) == "Invalid field type."
    assert [profile.check_type(each) for each in range(1, 9)] == list(FieldType)


@pytest.mark.parametrize(
    ("type", "data"),
    [
        (FieldType.SELECT, CHOICES),
        (FieldType.EXTERNAL_ACCOUNT, {"subtype": "github"}),
        (FieldType.EXTERNAL_ACCOUNT, CUSTOM),
    ],
)
def test_good_data(type: FieldType, data: Any) -> None:
    assert orjson.loads(profile.check_data(type, data)) == data


def test_other_types_keep_none() -> None:
    assert profile.check_data(FieldType.SHORT_TEXT, {"a": 1}) == ""


@pytest.mark.parametrize(
    ("type", "data", "msg"),
    [
        (FieldType.SELECT, [], "field_data is not a dict"),
        (FieldType.SELECT, {}, "There must be a choice."),
        (FieldType.SELECT, {"a": 5}, 'field_data is not a dict of {"text": …, "order": …}'),
        (FieldType.SELECT, {"a": {"text": "A"}}, 'field_data is not a dict of {"text": …, "order": …}'),
        (FieldType.SELECT, {"a": {"text": " ", "order": "1"}}, 'field_data["text"] cannot be blank.'),
        (FieldType.SELECT, {"a": {"text": "A", "order": 1}}, 'field_data["order"] cannot be blank.'),
        (
            FieldType.SELECT,
            {"a": {"text": "A", "order": "1"}, "b": {"text": "A", "order": "2"}},
            "No two choices may be the same.",
        ),
        (
            FieldType.SELECT,
            {"a": {"text": "A" * 10_001, "order": "1"}},
            "field_data is too long (limit: 10000 characters)",
        ),
        (FieldType.EXTERNAL_ACCOUNT, {}, "Invalid external account type"),
        (FieldType.EXTERNAL_ACCOUNT, {"subtype": "frob"}, "Invalid external account type"),
        (FieldType.EXTERNAL_ACCOUNT, {"subtype": ["github"]}, "Invalid external account type"),
        (
            FieldType.EXTERNAL_ACCOUNT,
            {"subtype": "custom"},
            "An account of your own kind needs a url_pattern.",
        ),
        (
            FieldType.EXTERNAL_ACCOUNT,
            {"subtype": "custom", "url_pattern": "https://a.test/"},
            "url_pattern must have %(username)s in it.",
        ),
        (
            FieldType.EXTERNAL_ACCOUNT,
            {"subtype": "custom", "url_pattern": "javascript:%(username)s"},
            "url_pattern is not a URL",
        ),
    ],
)
def test_bad_data(type: FieldType, data: Any, msg: str) -> None:
    assert refused(profile.check_data, type, data) == msg


def test_two_short_fields_are_in_the_summary_at_most() -> None:
    assert profile.check_summary(FieldType.DATE, True, 1)
    assert not profile.check_summary(FieldType.LONG_TEXT, False, 2)
    assert refused(profile.check_summary, FieldType.DATE, True, 2).startswith("The summary shows 2 fields")
    for type in (FieldType.LONG_TEXT, FieldType.USER):
        assert refused(profile.check_summary, type, True, 0).startswith("The summary shows no fields")


@pytest.mark.parametrize(
    ("type", "value", "kept"),
    [
        (FieldType.SHORT_TEXT, "*hello*", "*hello*"),
        (FieldType.LONG_TEXT, "x" * 500, "x" * 500),
        (FieldType.SELECT, "v", "v"),
        (FieldType.DATE, "1909-04-05", "1909-04-05"),
        (FieldType.URL, "https://a.test/b?c", "https://a.test/b?c"),
        (FieldType.USER, [7, 5, 7], "[7,5]"),
        (FieldType.EXTERNAL_ACCOUNT, "ann", "ann"),
        (FieldType.PRONOUNS, "she/her", "she/her"),
    ],
)
def test_good_values(type: FieldType, value: Any, kept: str) -> None:
    assert profile.check_value(field(type, CHOICES), value) == kept


@pytest.mark.parametrize(
    ("type", "value", "msg"),
    [
        (FieldType.SHORT_TEXT, 5, "Field is not a string"),
        (FieldType.SHORT_TEXT, "x" * 51, "Field is too long (limit: 50 characters)"),
        (FieldType.LONG_TEXT, "x" * 501, "Field is too long (limit: 500 characters)"),
        (FieldType.SELECT, "x", "'x' is no choice of 'Field'."),
        (FieldType.DATE, "1909-4-5", "Field is not a date"),
        (FieldType.DATE, "2023-02-30", "Field is not a date"),
        (FieldType.DATE, "yesterday", "Field is not a date"),
        (FieldType.URL, "a.test", "Field is not a URL"),
        (FieldType.URL, "javascript:alert(1)", "Field is not a URL"),
        (FieldType.URL, "https://a.test/ b", "Field is not a URL"),
        (FieldType.URL, "http://[", "Field is not a URL"),
        (FieldType.USER, "5", "User IDs is not a list"),
        (FieldType.USER, ["5"], "User IDs[0] is not an integer"),
        (FieldType.USER, [True], "User IDs[0] is not an integer"),
        (FieldType.USER, list(range(1, 102)), "Field has too many people (limit: 100)"),
        (FieldType.PRONOUNS, "x" * 51, "Field is too long (limit: 50 characters)"),
    ],
)
def test_bad_values(type: FieldType, value: Any, msg: str) -> None:
    assert refused(profile.check_value, field(type, CHOICES), value) == msg


def test_clients_that_do_not_know_pronouns_see_text() -> None:
    assert public(field(FieldType.PRONOUNS))["type"] == 8
    assert public(field(FieldType.PRONOUNS), pronouns=False)["type"] == 1


def test_the_object_of_a_field() -> None:
    assert public(ProfileField(3, FieldType.DATE, "Birthday", "Of you", "", 2, True, True, False)) == {
        "id": 3,
        "type": 4,
        "order": 2,
        "name": "Birthday",
        "hint": "Of you",
        "field_data": "",
        "required": True,
        "editable_by_user": False,
        "display_in_profile_summary": True,
    }
    assert "display_in_profile_summary" not in public(field(FieldType.DATE))
