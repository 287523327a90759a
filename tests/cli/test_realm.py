"""`appliance realm`, with no server on the folder."""

import json
from pathlib import Path

import pytest

from appliance.actions.realm import closing
from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import creation as user_actions
from appliance.base.clock import SystemClock
from appliance.cli.main import main
from appliance.model.user import Role
from appliance.store.store import Store


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """The folder of an organization that its owner has deactivated."""
    store = Store(tmp_path, SystemClock())
    realm_actions.prepare(store)
    owner = user_actions.create(
        store, email="olga@example.org", full_name="Olga", role=Role.OWNER, password=None
    )
    closing.deactivate(store, owner)
    store.close()
    return tmp_path


def reactivate(folder: Path, *args: str) -> int:
    return main(["--data", str(folder), "realm", "reactivate", *args])


def is_closed(folder: Path) -> bool:
    store = Store(folder, SystemClock())
    try:
        return realm_actions.get(store).is_deactivated
    finally:
        store.close()


def test_a_closed_organization_is_opened_once(closed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert is_closed(closed)
    assert reactivate(closed, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"deactivated": False}
    assert not is_closed(closed)
    assert reactivate(closed) == 2
    assert capsys.readouterr().err == "appliance: the organization is not deactivated\n"
