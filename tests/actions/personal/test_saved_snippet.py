"""Texts that somebody keeps."""

from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.personal import saved_snippet as actions
from appliance.actions.personal.saved_snippet import NoSuchSnippet
from appliance.base.errors import ApiError
from appliance.model import saved_snippet as model
from tests.actions.conftest import Team, Told


def listed(team: Team) -> list[dict[str, Any]]:
    with team.store.read() as reader:
        return actions.listed(reader, team.ann.id)


def test_keeping_changing_and_dropping_one(team: Team, told: Told) -> None:
    now = int(team.store.write(lambda transaction: transaction.now()))
    snippet_id = actions.add(team.store, team.ann, " Hello ", "Welcome\n")
    snippet = {"id": snippet_id, "title": "Hello", "content": "Welcome", "date_created": now}
    assert listed(team) == [snippet]
    assert told.one() == (
        {"type": "saved_snippets", "op": "add", "saved_snippet": snippet},
        [team.ann.id],
    )
    actions.change(team.store, team.ann, snippet_id, None, "Hi")
    assert listed(team) == [{**snippet, "content": "Hi"}]
    assert told.one()[0]["saved_snippet"] == {**snippet, "content": "Hi"}
    actions.change(team.store, team.ann, snippet_id, None, None)
    assert told.look() == []
    actions.remove(team.store, team.ann, snippet_id)
    assert listed(team) == []
    assert told.one()[0] == {"type": "saved_snippets", "op": "remove", "saved_snippet_id": snippet_id}


@pytest.mark.parametrize(
    "deed",
    [
        lambda team, snippet_id: actions.change(team.store, team.bob, snippet_id, "mine", None),
        lambda team, snippet_id: actions.remove(team.store, team.bob, snippet_id),
    ],
)
def test_others_have_nothing_there(team: Team, told: Told, deed: Callable[[Team, int], None]) -> None:
    snippet_id = actions.add(team.store, team.ann, "Hello", "Welcome")
    told.look()
    with pytest.raises(NoSuchSnippet):
        deed(team, snippet_id)
    assert told.look() == []
    with team.store.read() as reader:
        assert actions.listed(reader, team.bob.id) == []
    assert len(listed(team)) == 1


@pytest.mark.parametrize(
    ("title", "content", "error"),
    [
        ("", "x", "Title cannot be empty."),
        ("x", " ", "Content cannot be empty."),
        ("x" * 61, "x", r"title is too long \(limit: 60 characters\)"),
        ("x", "x" * 10_001, r"content is too long \(limit: 10000 characters\)"),
    ],
)
def test_what_none_can_be(team: Team, title: str, content: str, error: str) -> None:
    with pytest.raises(ApiError, match=error):
        actions.add(team.store, team.ann, title, content)


def test_there_are_not_too_many(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST", 1)
    actions.add(team.store, team.ann, "Hello", "Welcome")
    with pytest.raises(ApiError, match="1 saved snippets at most"):
        actions.add(team.store, team.ann, "Hello", "Welcome")
