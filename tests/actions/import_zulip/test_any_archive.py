"""Whatever stands in an archive: it is imported, or refused with a word; nothing else happens."""

import random
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.base.errors import CommandError
from tests.actions.import_zulip import world
from tests.actions.import_zulip.zulip_archive import Row, ZulipArchive
from tests.conftest import MovableClock

CHANGES = 2  # in one archive: with more, the first hides the others
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 2**31, 2**53, 2**63, 2**80, 1.5, -1e300, "", "x", "7", "\0", "\ud800",
    "x" * 100_000, "[]", "{}", "[[]]", "../../x", [], [1], [None], {}, {"id": 1}, [[[]]],
)  # fmt: skip


def rows(archive: ZulipArchive) -> list[Row]:
    tables = [*archive.realm.values(), *(table for chunk in archive.chunks for table in chunk.values())]
    return [row for table in tables for row in table if row]


def spoil(archive: ZulipArchive, chance: random.Random) -> str:
    """What was changed."""
    row = chance.choice(rows(archive))
    name = chance.choice(list(row))
    how = chance.randrange(4)
    if how == 0:
        del row[name]
        return f"{name} is gone"
    others = [other[name] for other in rows(archive) if name in other]
    row[name] = chance.choice(VALUES if how < 3 else others)
    return f"{name} is {str(row[name])[:50]}"


def outcome(archive: Path, data: Path) -> str:
    try:
        world.read(archive, data, MovableClock())
    except CommandError as error:
        return "refused, with the place" if ".json" in str(error) else str(error)
    return "imported"


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_any_archive(seed: int) -> None:
    chance, archive = random.Random(seed), ZulipArchive()
    for _ in range(CHANGES):
        spoil(archive, chance)
    with tempfile.TemporaryDirectory() as folder:
        root = archive.folder(Path(folder, "archive"))
        assert outcome(root, Path(folder, "data")) in ("imported", "refused, with the place")
