"""The disk as the server sees it: flushes are counted, and can be made as slow as an SD card's.

That takes a C compiler at run time (flush_shim.c); without one there is only the disk as it is, uncounted.
"""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).parent / "flush_shim.c"


def compile_shim(folder: Path) -> Path | None:
    """The library to preload; None without gcc."""
    if shutil.which("gcc") is None:
        return None
    shim = folder / "flush_shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-pthread", "-o", shim, SOURCE], check=True)
    return shim


class Medium:
    """`delay` in milliseconds for each flush."""

    def __init__(self, folder: Path, shim: Path | None, delay: int) -> None:
        self._count = folder / "flushes"
        self._count.write_bytes(bytes(8))
        self.environment = (
            {"LD_PRELOAD": str(shim), "FLUSH_MS": str(delay), "FLUSH_COUNT": str(self._count)} if shim else {}
        )

    @property
    def flushes(self) -> int:
        """Until now; 0 without the shim."""
        count: int = struct.unpack("=Q", self._count.read_bytes())[0]
        return count
