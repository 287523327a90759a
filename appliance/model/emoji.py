"""Unicode emoji by the names and codes that Zulip gives them.

A code is the hexadecimal code points joined with "-", without variation selectors: "1f642",
"1f937-200d-2640". Several names may share a code; the first one listed is canonical. The table is made by
packaging/make_emoji_names.py and read from disk when the first emoji is asked for (about 0.6 MB).
"""

import re
from functools import cache
from pathlib import Path

import orjson

# One emoji of any kind: a keycap, a flag, or pictographs with their modifiers, joined by ZWJ. Wider than
# the table: what is matched but not in it (a skin tone, say) is to stay as it is, whole.
_PICTOGRAPH = "[\u00a9\u00ae\u2122\u2139\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_MODIFIER = "[\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_ONE = f"{_PICTOGRAPH}{_MODIFIER}*"
SEQUENCE = re.compile(f"[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_ONE}(?:\u200d{_ONE})*")


def code_of(name: str) -> str | None:
    """The code of an emoji's name or alias; None when there is none."""
    return _tables()[0].get(name)


def name_of(code: str) -> str | None:
    """The canonical name of a code; None when it is unknown."""
    return _tables()[1].get(code)


def code_of_characters(characters: str) -> str:
    """The code that the characters of one emoji would have, known or not."""
    return "-".join(f"{ord(character):04x}" for character in characters if character != "\ufe0f")


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Name to code, and code to canonical name. Two threads may both load them; either result serves."""
    data = Path(__file__).with_name("emoji_names.json").read_bytes()
    code_to_names: dict[str, list[str]] = orjson.loads(data)["code_to_names"]
    codes = {name: code for code, names in code_to_names.items() for name in names}
    return codes, {code: names[0] for code, names in code_to_names.items()}
