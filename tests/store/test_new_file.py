"""A database in the making: nobody sees it before it is whole, and it takes the place of another."""

from pathlib import Path

import apsw
import pytest

from appliance.actions.realm import organization as realm_actions
from appliance.base.errors import StorageError
from appliance.store import imported, new_file
from appliance.store import realm as realms
from appliance.store.imported import Refused
from appliance.store.store import Store
from tests.conftest import MovableClock


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "made"
    path.mkdir()
    return path


def test_it_takes_the_place_of_another(made: Path, tmp_path: Path, clock: MovableClock) -> None:
    data = tmp_path / "data"
    old = Store(data, clock)
    realm_actions.prepare(old)
    old.close()
    with new_file.writing(made, clock) as transaction:
        realms.create(transaction, "New")
    new_file.put_in_place(made, data)
    opened = Store(data, clock)
    with opened.read() as reader:
        assert realms.get(reader).name == "New"
        assert reader.value("PRAGMA integrity_check") == "ok"
        assert reader.value("PRAGMA auto_vacuum") == 2
    opened.close()
    assert list(made.iterdir()) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_fails_goes_on_failing(made: Path, clock: MovableClock, error: type[BaseException]) -> None:
    with pytest.raises(error), new_file.writing(made, clock):
        raise error


def test_a_full_disk(made: Path, clock: MovableClock) -> None:
    with pytest.raises(StorageError, match="cannot write"), new_file.writing(made, clock):
        raise apsw.FullError("database or disk is full")


def test_two_rows_with_one_id(made: Path, clock: MovableClock) -> None:
    rows = [{"domain": "a.test", "allow_subdomains": 0}] * 2
    with new_file.writing(made, clock) as transaction:
        with pytest.raises(Refused, match=r"realm_domain\.domain"):
            imported.put(transaction, "realm_domain", rows)
        imported.put(transaction, "realm_domain", [])


@pytest.mark.parametrize(("highest", "next_id"), [(0, 1), (41, 42)])
def test_ids_above_others(made: Path, clock: MovableClock, highest: int, next_id: int) -> None:
    with new_file.writing(made, clock) as transaction:
        imported.reserve(transaction, "linkifier", highest)
        row = {"pattern": "x", "url_template": "y", "position": 1}
        imported.put(transaction, "linkifier", [row])
        assert imported.newest_id(transaction, "linkifier") == next_id
