"""Names and codes of emoji."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.model import emoji

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("smile", "1f642"),
        ("+1", "1f44d"),
        ("thumbs_up", "1f44d"),
        ("hash", "0023-20e3"),
        ("nobody_has_this", None),
    ],
)
def test_a_name_or_an_alias_has_a_code(name: str, code: str | None) -> None:
    assert emoji.code_of(name) == code


@pytest.mark.parametrize(("code", "name"), [("1f44d", "+1"), ("2764", "heart"), ("ffff", None)])
def test_a_code_has_one_canonical_name(code: str, name: str | None) -> None:
    assert emoji.name_of(code) == name


@pytest.mark.parametrize(
    ("characters", "code"),
    [
        ("\U0001f44d", "1f44d"),
        ("\u2764\ufe0f", "2764"),
        ("#\ufe0f\u20e3", "0023-20e3"),
        ("\U0001f937\u200d\u2640\ufe0f", "1f937-200d-2640"),
        ("\U0001f1e9\U0001f1ea", "1f1e9-1f1ea"),
    ],
)
def test_characters_are_one_sequence_with_a_known_code(characters: str, code: str) -> None:
    assert emoji.SEQUENCE.findall(f"a{characters}b") == [characters]
    assert emoji.code_of_characters(characters) == code
    assert emoji.name_of(code)


def test_every_code_of_the_table_is_found_in_text() -> None:
    for code in emoji._tables()[1]:
        characters = "".join(chr(int(point, 16)) for point in code.split("-"))
        assert emoji.SEQUENCE.fullmatch(characters), code


def test_an_unknown_sequence_is_not_taken_apart() -> None:
    rider_of_medium_skin = "\U0001f9d1\U0001f3fd\u200d\U0001f6f4"
    assert emoji.SEQUENCE.findall(rider_of_medium_skin) == [rider_of_medium_skin]


def test_the_table_is_what_its_script_makes() -> None:
    script = runpy.run_path(str(ROOT / "packaging" / "make_emoji_names.py"))
    assert script["TARGET"].read_text(encoding="utf-8") == script["emoji_names"]()


def test_the_table_is_read_when_first_needed() -> None:
    program = """
from appliance.model import emoji
assert emoji._tables.cache_info().currsize == 0
emoji.code_of("smile")
assert emoji._tables.cache_info().currsize == 1
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
