"""The catalogues are what packaging/make_catalogues.py makes of them, and nothing is missing in any."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from appliance.notify.language import LOCALE, codes

COMMAND = Path(__file__).parent.parent.parent / "packaging/make_catalogues.py"
FILE = "LC_MESSAGES/appliance.po"


def catalogue(code: str) -> Catalog:
    with (LOCALE / code / FILE).open("rb") as file:
        return read_po(file, locale=code.replace("-", "_"))


def entries() -> Iterator[tuple[str, Message]]:
    for code in sorted(codes()):
        yield from ((code, entry) for entry in catalogue(code) if entry.id)


def texts(words: str | Sequence[str] | None) -> list[str]:
    """One for each plural form."""
    return [words] if isinstance(words, str) else list(words or ())


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


ENTRIES = pytest.mark.parametrize(
    ("code", "entry"), list(entries()), ids=lambda each: each if isinstance(each, str) else texts(each.id)[0]
)


def test_the_command_would_change_nothing(tmp_path: Path) -> None:
    """So each has all words of the code and no others, and is compiled."""
    copy = shutil.copytree(LOCALE, tmp_path / "locale")
    subprocess.run([sys.executable, COMMAND, "--locale", copy], check=True, capture_output=True)
    for made in copy.rglob("*.*o"):
        there = LOCALE / made.relative_to(copy)
        assert made.read_bytes() == there.read_bytes(), f"run {COMMAND.name}: {there} is not up to date"


def test_a_new_language_begins_with_all_words(tmp_path: Path) -> None:
    copy = shutil.copytree(LOCALE, tmp_path / "locale")
    done = subprocess.run(
        [sys.executable, COMMAND, "pt-br", "--locale", copy], check=True, capture_output=True, text=True
    )
    count = len(catalogue("de"))
    assert f"pt-br: {count} words, {count} without a translation\n" in done.stdout
    assert (copy / "pt-br/LC_MESSAGES/appliance.mo").exists()


@ENTRIES
def test_nothing_is_missing(code: str, entry: Message) -> None:
    forms = texts(entry.string)
    assert all(forms)
    assert len(forms) == (catalogue(code).num_plurals if entry.pluralizable else 1)


@ENTRIES
def test_translations_have_the_same_places(code: str, entry: Message) -> None:
    for form in texts(entry.string):
        assert places(form) == places(texts(entry.id)[-1])
