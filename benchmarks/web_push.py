"""Web Push: encrypt, sign and hand over, to a push service in a process of its own."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.model.device import Device
from appliance.model.push_key import encoded
from appliance.outside.breaker import Breakers
from appliance.outside.encryption import point
from appliance.outside.road import Push
from appliance.outside.web_push import WebPush, road
from appliance.runtime import SWITCH_INTERVAL
from benchmarks.process import CLIENT_CORE, ROOT, SERVER_CORE
from benchmarks.report import milliseconds, rounds, show
from tests.outside.post_sink import PostSink

BROWSERS = 50
CASES = (1, 8)  # threads; the queue push_web has eight
CONTENT = {"kind": "add", "message_ids": [1], "title": "#general > lunch", "body": "x" * 200, "tag": "0" * 16}


@contextmanager
def service() -> Iterator[int]:
    """Its port. It takes all that comes; the tests look at what is in it."""
    os.sched_setaffinity(0, {CLIENT_CORE})
    command = [sys.executable, "-m", "benchmarks.web_push", "--serve"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        os.sched_setaffinity(0, {SERVER_CORE})
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def serve() -> None:
    with PostSink() as service:
        print(service.port, flush=True)
        service.ended.wait()


def made(folder: Path, port: int) -> WebPush:
    settings = Config.load(None, {"APPLIANCE_OUTSIDE_PRIVATE_HOSTS": f"127.0.0.1:{port}"})
    web = road(settings, folder, Breakers(SystemClock(), Metrics()))
    assert web is not None
    return web


def pushes(port: int) -> list[Push]:
    """One to each of BROWSERS."""
    keys = [encoded(point(generate_private_key(SECP256R1()).public_key())) for _ in range(BROWSERS)]
    return [
        Push((_browser(number, f"http://127.0.0.1:{port}/push/{number}", key),), CONTENT, tag="0" * 16)
        for number, key in enumerate(keys)
    ]


def _browser(number: int, endpoint: str, p256dh: str) -> Device:
    return Device(number, 1, "web", endpoint, {"p256dh": p256dh, "auth": encoded(bytes(16))}, 0, 0)


def push(web: WebPush, ready: list[Push], threads: int, seconds: float) -> tuple[float, float, list[float]]:
    """Pushes a second, µs of this process's CPU for each, and the seconds that each took."""
    times: list[float] = []
    numbers = count()
    began, cpu = time.perf_counter(), time.process_time()

    def work() -> None:
        while (start := time.perf_counter()) - began < seconds:
            (outcome,) = web.send([ready[next(numbers) % BROWSERS]], lambda: 30.0)
            if outcome.kind != "sent":
                raise RuntimeError(outcome.reason)
            times.append(time.perf_counter() - start)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    took = time.perf_counter() - began
    return len(times) / took, (time.process_time() - cpu) / len(times) * 1e6, times


def main() -> None:
    number, seconds = (2, 0.5) if "--quick" in sys.argv else (5, 3.0)
    sys.setswitchinterval(SWITCH_INTERVAL)
    rates: dict[int, list[float]] = {each: [] for each in CASES}
    costs: dict[int, list[float]] = {each: [] for each in CASES}
    times: dict[int, list[float]] = {each: [] for each in CASES}
    with tempfile.TemporaryDirectory() as folder, service() as port:
        web, ready = made(Path(folder), port), pushes(port)
        push(web, ready, max(CASES), 0.5)
        for _ in range(number):
            for threads in CASES:
                rate, cost, took = push(web, ready, threads, seconds)
                rates[threads].append(rate)
                costs[threads].append(cost)
                times[threads] += took
        web.close()
    rows = [(each, rounds(rates[each]), milliseconds(times[each]), rounds(costs[each])) for each in CASES]
    show("Web Push", ("threads", "pushes/s", "each, ms p50 / p99", "CPU, µs a push"), rows)


if __name__ == "__main__":
    serve() if "--serve" in sys.argv else main()
