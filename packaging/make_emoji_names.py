"""Write appliance/model/emoji_names.json: Zulip's names of every emoji, the canonical one first.

The names come from the PyPI package `zulip-emoji-mapping`, which is needed only here:

    python packaging/make_emoji_names.py

The shape is the one that clients read from `server_emoji_data_url`: {"code_to_names": {code: [name, ...]}}.
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "appliance" / "model" / "emoji_names.json"


def emoji_names() -> str:
    """The text of the file: one code a line, so that a change of the source shows as a readable diff."""
    from zulip_emoji_mapping.emoji_names import EMOJI_NAME_MAPS

    lines = (
        f"{json.dumps(code)}:{_compact([names['canonical_name'], *names['aliases']])}"
        for code, names in sorted(EMOJI_NAME_MAPS.items())
    )
    return '{"code_to_names":{\n' + ",\n".join(lines) + "\n}}\n"


def _compact(names: list[str]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    TARGET.write_text(emoji_names(), encoding="utf-8")
    sys.stdout.write(f"wrote {TARGET.name}\n")
