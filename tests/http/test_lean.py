"""What is left out of modules and sheets on their way says nothing to a browser."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from appliance.http import lean, static

TOOLS = Path(os.environ.get("PAGE_TOOLS", Path.home() / ".cache" / "appliance" / "npm"))
TSC = TOOLS / "node_modules" / ".bin" / "tsc"
MODULES = {name: path for name, path in static.files().items() if path.suffix == ".js"}
SHEETS = sorted(static.FOLDER.rglob("*.css"))
OPTIONS = ["--allowJs", "--noCheck", "--removeComments", "--target", "ES2022", "--module", "ESNext"]
OPTIONS += ["--moduleResolution", "Bundler"]


@pytest.mark.skipif(not TSC.exists() or not shutil.which("node"), reason="there is no TypeScript")
def test_modules_do_the_same_without_comments(tmp_path: Path) -> None:
    """Nor is anything else taken for one: texts over several lines, say."""
    for name, module in MODULES.items():
        (tmp_path / "sent" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sent" / name).write_text(lean.module(module), "utf-8")
    assert compiled(tmp_path / "sent", tmp_path / "one") == compiled(static.FOLDER, tmp_path / "other")


def compiled(folder: Path, out: Path) -> dict[str, str]:
    """As TypeScript writes them: without comments, blanks in one way."""
    files = [folder / name for name in MODULES]
    subprocess.run([TSC, *OPTIONS, "--rootDir", folder, "--outDir", out, *files], check=True, timeout=100)
    return {name: (out / name).read_text("utf-8") for name in MODULES}


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/** What. */\nlet a;\n", "\nlet a;\n"),
        ("/**\n * What.\n * @type {x}\n */\nlet a;\n", "\n\n\n\nlet a;\n"),
        ("  // why\n  a();\n", "\n  a();\n"),
        ("a(); // why\n", "a();\n"),
        ('a = "https://b";\n', 'a = "https://b";\n'),
        ("/** @type {x} */ (a).b();\n", "(a).b();\n"),
        ('a = "b // c";\n', 'a = "b // c";\n'),
        ("/* one */\na();\n/* other */\n", "\na();\n\n"),
    ],
)
def test_comments_go(tmp_path: Path, written: str, sent: str) -> None:
    """Lines keep their numbers."""
    (tmp_path / "it.js").write_text(written)
    assert lean.module(tmp_path / "it.js") == sent


def test_a_sheet_has_those_in_it_that_it_imports(tmp_path: Path) -> None:
    (tmp_path / "part.css").write_text("/* part */\na { color: red; }\n")
    (tmp_path / "all.css").write_text('/* all */\n\n@import "part.css";\nb { color: red; }\n')
    assert lean.sheet(tmp_path / "all.css") == "\n\n\na { color: red; }\n\nb { color: red; }\n"


def test_sheets_import_nothing_else() -> None:
    assert [each.name for each in SHEETS if "@import" in lean.sheet(each)] == []


def test_no_text_in_a_sheet_looks_like_a_comment() -> None:
    texts = [text for each in SHEETS for text in re.findall(r'"[^"\n]*"', each.read_text("utf-8"))]
    assert [text for text in texts if "/*" in text] == []
