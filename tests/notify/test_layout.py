"""What a mail looks like, in a real browser: nothing is wider than a phone."""

import re
import shutil
import subprocess
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from appliance.model.message import Person
from appliance.notify.mail import Missed, compose
from tests.notify.missed import ANN, BOB, NASTY, NOW, RICH, SITE, in_channel, missed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE = 375  # CSS pixels
# The width of a window cannot be so small.
FRAME = """<title></title><iframe style="width: {width}px; border: 0" srcdoc="{mail}"></iframe>
<script>onload = () => document.title = frames[0].document.documentElement.scrollWidth</script>"""

LONG = "Donaudampfschifffahrtsgesellschaft" * 3
WIDE = missed(
    in_channel(
        801, Person(99, "long@example.org", LONG[:100]), f"{LONG} `{LONG}` https://example.org/{LONG}"
    ),
    in_channel(
        802, BOB, f"> {LONG}\n> > {LONG}\n\n```\n{LONG} = {LONG}\n```\n\n- {LONG}\n  - {LONG}\n\n# {LONG}"
    ),
    in_channel(803, ANN, f"| {' | '.join('abcdefghij')} |\n{'|---' * 10}|\n| {' | '.join([LONG] * 10)} |"),
    in_channel(804, ANN, f"$${LONG}$$ #**general chat>{LONG[:50]}** @**{LONG}**"),
)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("about", [WIDE, RICH, NASTY], ids=["wide", "rich", "nasty"])
def test_nothing_is_wider_than_a_phone(tmp_path: Path, about: Missed) -> None:
    page = tmp_path / "page.html"
    page.write_text(FRAME.format(width=PHONE, mail=escape(compose(about, SITE, NOW)["html"])), "utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    shown = subprocess.run(
        [*command, f"--user-data-dir={tmp_path}", "--dump-dom", page.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert f"<title>{PHONE}</title>" in shown


def test_no_colour_is_for_one_background_only() -> None:
    html = compose(replace(WIDE, messages=WIDE.messages + RICH.messages), SITE, NOW)["html"]
    assert "background" not in html
    assert set(re.findall('#[0-9a-f]{3,6}(?=[;"])', html)) == {"#777", "#999"}
