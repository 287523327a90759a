"""APNs: many pushes at once on one connection, to a service in a process of its own that answers after 30 ms.

Run it with `benchmarks/run apns`.

In each round the service drops the connection five times, and afterwards says what it got.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from appliance.base.clock import SystemClock
from appliance.base.config import Config
from appliance.base.metrics import Metrics
from appliance.model.device import Device
from appliance.outside.apns import ApnsRoad, road
from appliance.outside.breaker import Breakers
from appliance.outside.road import Push
from appliance.runtime import SWITCH_INTERVAL
from benchmarks.process import CLIENT_CORE, ROOT, SERVER_CORE
from benchmarks.report import rounds, show
from tests.outside.apns import KEY_ID, TEAM_ID, Apns

LATENCY = 0.03  # seconds
DROPS = 5  # a round
CASES = ((1, 1), (1, 100), (1, 500), (4, 100))  # threads, pushes that each sends together
PAYLOAD = {
    "alert": {"title": "#general > lunch", "subtitle": "Ann mentioned you:", "body": "x" * 200},
    "sound": "default",
    "badge": 0,
    "custom": {"zulip": {"server": "chat.example.org", "realm_id": 1, "user_id": 7, "message_ids": [991]}},
}


class Service:
    """It hears commands on standard input, and answers each by a line."""

    def __init__(self, folder: Path) -> None:
        os.sched_setaffinity(0, {CLIENT_CORE})
        command = [sys.executable, "-m", "benchmarks.apns", "--serve", str(folder)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        os.sched_setaffinity(0, {SERVER_CORE})
        self.facts = self._line()

    def drop(self) -> None:
        self._ask("drop")

    def received(self) -> Counter[str]:
        """How often each device got one, since the last time."""
        return Counter(self._ask("received"))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _ask(self, command: str) -> Any:
        assert self._process.stdin is not None
        print(command, file=self._process.stdin, flush=True)
        return self._line()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


def serve(folder: Path) -> None:
    sys.setswitchinterval(SWITCH_INTERVAL)
    apns = Apns(folder, latency=LATENCY)
    authority = str(apns.authority.file)
    print(json.dumps({"port": apns.port, "key": str(apns.key_file), "authority": authority}), flush=True)
    for command in sys.stdin:
        if command.strip() == "drop":
            apns.drop_connections()
        tokens = apns.tokens if command.strip() == "received" else []
        if tokens:
            apns.received.clear()
        print(json.dumps(tokens), flush=True)


@contextmanager
def running() -> Iterator[tuple[Service, ApnsRoad]]:
    with tempfile.TemporaryDirectory() as name, closing(Service(Path(name))) as service:
        os.environ["SSL_CERT_FILE"] = service.facts["authority"]
        options = {
            "SERVER": f"127.0.0.1:{service.facts['port']}",
            "KEY": service.facts["key"],
            "KEY_ID": KEY_ID,
            "TEAM_ID": TEAM_ID,
        }
        config = Config.load(None, {f"APPLIANCE_PUSH_APNS_{name}": value for name, value in options.items()})
        made = road(config, Path(name), Breakers(SystemClock(), Metrics()))
        assert made is not None
        with closing(made):
            yield service, made


def push_to(number: int) -> Push:
    device = Device(number, 7, "apns", f"{number:064x}", {"app_id": "org.example.chat"}, 0, 0)
    return Push((device,), PAYLOAD, tag=f"{number:016x}")


def send(apns: ApnsRoad, batches: Iterator[Sequence[Push]], threads: int) -> None:
    """Until there are no more; raises if one is not taken."""
    lock = threading.Lock()
    troubles: list[str] = []

    def work() -> None:
        while True:
            with lock:
                batch = next(batches, None)
            if batch is None:
                return
            troubles.extend(each.reason for each in apns.send(batch, lambda: 30.0) if each.kind != "sent")

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    if troubles:
        raise RuntimeError(f"{len(troubles)} pushes were lost: {troubles[0]}")


def batches(number: int, size: int, service: Service) -> Iterator[Sequence[Push]]:
    """`number` of them, with the drops in between."""
    for at in range(number):
        if at and at % (number // (DROPS + 1)) == 0:
            service.drop()
        yield [push_to(each) for each in range(at * size, (at + 1) * size)]


def round_of(
    service: Service, apns: ApnsRoad, threads: int, size: int, number: int
) -> tuple[float, float, int]:
    """Pushes a second, µs of this process's CPU for each, and how many came twice."""
    began, cpu = time.perf_counter(), time.process_time()
    send(apns, batches(number // size, size, service), threads)
    took, cost = time.perf_counter() - began, time.process_time() - cpu
    received = service.received()
    total = number // size * size
    if len(received) != total:
        raise RuntimeError(f"{total - len(received)} pushes were lost")
    return total / took, cost / total * 1e6, received.total() - total


def main() -> None:
    number, pushes = (2, 1200) if "--quick" in sys.argv else (5, 6000)
    sys.setswitchinterval(SWITCH_INTERVAL)
    rates: dict[tuple[int, int], list[float]] = {case: [] for case in CASES}
    costs: dict[tuple[int, int], list[float]] = {case: [] for case in CASES}
    twice: Counter[tuple[int, int]] = Counter()
    with running() as (service, apns):
        round_of(service, apns, 4, 100, 1200)
        for _, (threads, size) in ((each, case) for each in range(number) for case in CASES):
            rate, cost, again = round_of(service, apns, threads, size, min(pushes, 120 * threads * size))
            rates[threads, size].append(rate)
            costs[threads, size].append(cost)
            twice[threads, size] += again
    rows = [
        (f"{threads} × {size}", rounds(rates[case]), rounds(costs[case]), 0, twice[case])
        for case in CASES
        for threads, size in [case]
    ]
    show(
        "APNs",
        ("threads × pushes together", "pushes/s", "CPU, µs a push", "lost", "taken twice"),
        rows,
    )


if __name__ == "__main__":
    serve(Path(sys.argv[2])) if "--serve" in sys.argv else main()
