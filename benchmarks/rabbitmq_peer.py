"""RabbitMQ through pika: a broker of our own, a durable queue, each publish confirmed.

The broker runs as this user, on free ports of 127.0.0.1, and keeps everything in the benchmark's folder.
"""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.peer import LOOK, Missing, Peer
from benchmarks.process import free_port

BROKERS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")  # the second may be root's wrapper
START_LIMIT = 60.0  # seconds
QUEUE = "benchmark"
PREFETCH = 100


class RabbitMQ(Peer):
    name = "RabbitMQ, durable queue, confirms"

    def __init__(self, folder: Path) -> None:
        binary = next(filter(None, map(shutil.which, BROKERS)), None)
        if binary is None:
            raise Missing("RabbitMQ is not installed (no rabbitmq-server)")
        try:
            self._pika: Any = import_module("pika")
        except ImportError:
            raise Missing("pika is not installed (benchmarks/requirements.txt)") from None
        self._own = threading.local()  # a connection for each publishing thread
        self._port, self._epmd_port = free_port(), free_port()
        self._environment = self._settings(folder)
        self._broker = subprocess.Popen(
            [binary], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._await_broker()

    def _settings(self, folder: Path) -> dict[str, str]:
        local = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"benchmark{self._port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": local,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
        }

    def _await_broker(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while self._broker.poll() is None and time.monotonic() < deadline:
            try:
                connection = self._connect()
            except self._pika.exceptions.AMQPError:
                time.sleep(0.2)
                continue
            connection.channel().queue_declare(QUEUE, durable=True)
            connection.close()
            return
        self.close()
        raise Missing("the rabbitmq-server of this machine does not start")

    def _connect(self) -> Any:
        return self._pika.BlockingConnection(self._pika.ConnectionParameters("127.0.0.1", self._port))

    def publish(self, text: str) -> None:
        """Raises pika's errors for what the broker does not confirm."""
        if not hasattr(self._own, "channel"):
            self._own.channel = self._connect().channel()
            self._own.channel.confirm_delivery()
        persistent = self._pika.BasicProperties(delivery_mode=2)
        self._own.channel.basic_publish("", QUEUE, json.dumps({"text": text}).encode(), persistent)

    def leave(self) -> None:
        self._own.channel.connection.close()
        del self._own.channel

    def consume(self, number: int) -> None:
        connection = self._connect()
        channel = connection.channel()
        channel.basic_qos(prefetch_count=PREFETCH)
        deliveries = channel.consume(QUEUE, inactivity_timeout=5)
        for taken in range(number):
            method, _, _ = next(deliveries)
            if method is None:
                raise RuntimeError(f"{taken} jobs of {number} were consumed")
            channel.basic_ack(method.delivery_tag)
        connection.close()

    def listen(self, started: Callable[[], None], stopping: threading.Event) -> None:
        connection = self._connect()
        channel = connection.channel()
        channel.basic_qos(prefetch_count=PREFETCH)
        for method, _, _ in channel.consume(QUEUE, inactivity_timeout=LOOK):
            if method is not None:
                started()
                channel.basic_ack(method.delivery_tag)
            if stopping.is_set():
                break
        connection.close()

    def close(self) -> None:
        """Stop the broker, and the port mapper that it has started for itself."""
        self._broker.terminate()
        try:
            self._broker.wait(20)
        except subprocess.TimeoutExpired:
            self._broker.kill()
        if shutil.which("epmd"):
            subprocess.run(["epmd", "-kill"], env=self._environment, capture_output=True, check=False)
