"""What is exported, imported and exported again is the same."""

import random
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import full_member
from appliance.base.clock import Clock
from appliance.store.store import Store
from tests.actions import deeds
from tests.actions.conftest import Team
from tests.actions.exported import Exported
from tests.actions.import_zulip import world
from tests.actions.import_zulip.same import differences, summary
from tests.conftest import MovableClock

DEEDS = 60  # in one history


def again(archive: Path, folder: Path, clock: Clock) -> Exported:
    """Imported, and exported."""
    world.read(archive, folder, clock)
    store = Store(folder, clock, durable=False)
    try:
        _, made = world.exported(store, archive.parent)
    finally:
        store.close()
    assert made.mistakes() == []
    return made


def test_something_of_everything(team: Team, clock: MovableClock, tmp_path: Path) -> None:
    world.live(team)
    archive, before = world.exported(team.store, tmp_path)
    after = again(archive, tmp_path / "other", clock)
    assert differences(before, after) == []
    empty = {table for table, rows in before.tables.items() if not rows}
    assert empty <= NOT_FILLED, "the world has nothing of these"


NOT_FILLED = {
    "analytics_realmcount", "analytics_streamcount", "analytics_usercount", "zerver_botconfigdata",
    "zerver_imageattachment", "zerver_muteduser", "zerver_onboardingstep", "zerver_onboardingusermessage",
    "zerver_realmexport", "zerver_service", "zerver_useractivity", "zerver_useractivityinterval",
    "zerver_userpresence", "zerver_userprofile_mirrordummy", "zerver_usertopic",
}  # fmt: skip


@given(st.integers(0, 2**32))
@settings(max_examples=8, deadline=None, derandomize=True)
def test_any_history(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        clock = MovableClock()
        store = Store(Path(folder, "one"), clock, durable=False)
        realm_actions.prepare(store)
        team = deeds.Team(store, clock)
        for _ in range(DEEDS):
            with suppress(ZeroDivisionError):  # all channels are archived
                team.do(chance.choice(list(deeds.DEEDS)), *(chance.randrange(1000) for _ in range(3)))
            clock.advance(1)
        full_member.keep(store, clock)
        archive, before = world.exported(store, Path(folder))
        store.close()
        assert differences(before, again(archive, Path(folder, "two"), clock)) == []


@pytest.mark.parametrize("times", [2])
def test_it_settles(team: Team, clock: MovableClock, tmp_path: Path, times: int) -> None:
    """The organization can be carried on and on."""
    world.live(team)
    archive, before = world.exported(team.store, tmp_path)
    made = before
    for number in range(times):
        made = again(archive, tmp_path / f"n{number}", clock)
        archive = tmp_path / f"n{number}.tar.gz"
    assert summary(made) == summary(before)
