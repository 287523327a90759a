"""What all workers have in common."""

from typing import Any

import pytest

from appliance import workers
from appliance.jobs.worker import Options
from appliance.workers.parts import Parts

QUEUES = workers.queues()


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("options", [{}, {"threaded": False}, {"disable_timeout": True}, {"worker_num": 3}])
def test_every_constructor_passes_its_options_to_the_base(
    parts: Parts, queue: str, options: Options
) -> None:  # checklist 100
    worker: Any = QUEUES[queue]
    made = worker(parts, **options)
    assert made.threaded == options.get("threaded", True)
    assert made.disable_timeout == options.get("disable_timeout", False)
    assert made.worker_num == options.get("worker_num")
    assert made.queue_name == queue + ("_shard3" if made.worker_num else "")
