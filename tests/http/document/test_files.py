"""What is made in docs/ is of now."""

from pathlib import Path

from appliance.http.document import files
from appliance.http.document.routes import COMMAND

DOCS = Path(__file__).parents[3] / "docs"


def test_what_is_made_is_of_now() -> None:
    old = [path.name for path, text in files.current(DOCS).items() if path.read_text() != text]
    assert old == [], f"routes have changed: run {COMMAND}"


def test_what_is_written_by_hand_stays(tmp_path: Path) -> None:
    by_hand = "# The API\n\n{}\n\n## Besides\n"
    api = tmp_path / "api.md"
    begin, end = (DOCS / "api.md").read_text().partition("<!-- made by")[1:], "<!-- end of what is made -->"
    api.write_text(by_hand.format(f"{begin[0]}: {COMMAND} -->\nold\n{end}"))
    made = files.current(tmp_path)[api]
    assert made.startswith("# The API\n\n<!-- made by")
    assert made.endswith("<!-- end of what is made -->\n\n## Besides\n")
    assert "old" not in made.splitlines()
    assert "`POST /messages`" in made
