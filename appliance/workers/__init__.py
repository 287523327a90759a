"""One file per queue. A new file is found by itself: its worker declares its queue with `assign_queue`."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from appliance.base.errors import ConfigError
from appliance.base.values import PolicyRule
from appliance.jobs.policy import Policy
from appliance.jobs.worker import Worker, declared
from appliance.workers.parts import Parts


def queues() -> dict[str, type[Worker]]:
    """The worker class of each queue that there is."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {queue: each for queue, each in declared().items() if each.__module__.startswith(__name__)}


def policies(rules: tuple[PolicyRule, ...]) -> dict[str, Policy]:
    """The policy of each queue, with the configuration's changes. Raises ConfigError with all mistakes."""
    found = {queue: worker.policy for queue, worker in queues().items()}
    mistakes = []
    for rule in rules:
        try:
            found[rule.queue] = found[rule.queue].overridden(rule.settings)
        except KeyError:
            mistakes.append(f"jobs.policies: there is no queue {rule.queue}: there are {', '.join(found)}")
        except ValueError as error:
            mistakes.append(f"jobs.policies: {rule.queue} {error}")
    if mistakes:
        raise ConfigError(mistakes)
    return found


def build(parts: Parts, policies: Mapping[str, Policy]) -> list[Worker]:
    """The workers of those queues, one for each shard."""
    classes: dict[str, Any] = {**queues()}  # whose constructors take more than the base's
    made: list[Worker] = []
    for queue, policy in policies.items():
        for number in range(1, policy.shards + 1) if policy.shards > 1 else (None,):
            made.append(classes[queue](parts, worker_num=number))
            made[-1].policy = policy
    return made
