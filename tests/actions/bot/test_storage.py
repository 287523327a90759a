"""What programs keep on the server."""

import pytest

from appliance.actions.bot import storage as bot_storage
from appliance.base.errors import ApiError
from appliance.model import bot_storage as model
from tests.actions.conftest import Team


def test_keeping_changing_and_dropping(team: Team) -> None:
    bot_storage.put(team.store, team.ann, {"number": "1", "ünï": "a\0b"})
    bot_storage.put(team.store, team.ann, {"number": "2", "": ""})
    assert bot_storage.get(team.store, team.ann, []) == {"": "", "number": "2", "ünï": "a\0b"}
    assert bot_storage.get(team.store, team.ann, ["number"]) == {"number": "2"}
    bot_storage.remove(team.store, team.ann, ["number", "ünï"])
    assert bot_storage.get(team.store, team.ann, []) == {"": ""}
    bot_storage.remove(team.store, team.ann, [])
    assert bot_storage.get(team.store, team.ann, []) == {}


def test_everybody_has_their_own(team: Team) -> None:
    bot_storage.put(team.store, team.ann, {"number": "1"})
    assert bot_storage.get(team.store, team.bob, []) == {}
    for deed in (bot_storage.get, bot_storage.remove):
        with pytest.raises(ApiError, match="Key does not exist"):
            deed(team.store, team.bob, ["number"])
    assert bot_storage.get(team.store, team.ann, []) == {"number": "1"}


def test_nothing_is_dropped_if_one_is_not_there(team: Team) -> None:
    bot_storage.put(team.store, team.ann, {"number": "1"})
    with pytest.raises(ApiError, match="Key does not exist"):
        bot_storage.remove(team.store, team.ann, ["number", "other"])
    assert bot_storage.get(team.store, team.ann, []) == {"number": "1"}


def test_it_is_not_too_much(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_BYTES", 10)
    bot_storage.put(team.store, team.ann, {"key": "ünï12"})
    with pytest.raises(ApiError, match=r"exceeds storage limit by 1 bytes\. The limit is 10 bytes"):
        bot_storage.put(team.store, team.ann, {"a": ""})
    bot_storage.put(team.store, team.ann, {"key": "1234567"})
    bot_storage.put(team.store, team.bob, {"key": "1234567"})
    assert bot_storage.get(team.store, team.ann, []) == {"key": "1234567"}
