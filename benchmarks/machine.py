"""What the figures below were measured on."""

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import apsw

FLUSHES = 200


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def flush_times() -> list[float]:
    """Seconds that it takes to overwrite 4 KiB of a file and flush it, where the data folders will be."""
    times = []
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(FLUSHES):
            began = time.perf_counter()
            os.pwrite(file.fileno(), bytes(4096), 0)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return times


def main() -> None:
    cores = len(os.sched_getaffinity(0))
    flush = statistics.median(flush_times()) * 1000
    print(
        f"{cores} cores of {processor()}, Linux {platform.release()}, Python {platform.python_version()},"
        f" SQLite {apsw.sqlite_lib_version()}; a flush of the disk takes {flush:.2f} ms;"
        f" load before: {os.getloadavg()[0]:.1f}\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
