"""The page's modules are checked against their annotations, by TypeScript where it is installed (.ci/run)."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = Path(os.environ.get("PAGE_TOOLS", Path.home() / ".cache" / "appliance" / "npm"))
TSC = TOOLS / "node_modules" / ".bin" / "tsc"


@pytest.mark.skipif(not TSC.exists() or not shutil.which("node"), reason="there is no TypeScript")
def test_the_annotations_hold() -> None:
    project = Path(__file__).with_name("tsconfig.json")
    done = subprocess.run([TSC, "--project", project], capture_output=True, text=True, timeout=100)
    assert done.stdout == ""
