"""Making a device that gets encrypted pushes known to the bouncer, for which its registration was sealed."""

import logging
from dataclasses import dataclass
from typing import Any, cast

from appliance.actions.personal import device as actions
from appliance.jobs.policy import Policy
from appliance.jobs.worker import Context
from appliance.outside.road import BouncerRoad, Outcome, failed
from appliance.store import realm as realms
from appliance.store.transaction import Job, Transaction
from appliance.workers.parts import Parts
from appliance.workers.push_outcome import retry

log = logging.getLogger(__name__)

NO_BOUNCER, TOO_LATE = "BOUNCER_NOT_CONFIGURED", "REQUEST_EXPIRED"


@dataclass(frozen=True, slots=True)
class EncryptedRegistration:
    parts: Parts

    def consume(self, job: Job, payload: dict[str, Any], context: Context, policy: Policy) -> None:
        """Raises Retry as long as the bouncer says neither yes nor no."""
        user_id: int = payload["user_profile_id"]
        answer = self._ask(payload, context)
        if isinstance(answer, Outcome) and answer.kind == "later":
            last = context.attempt >= policy.attempts
            raise retry(answer, f"user {user_id}: no encrypted pushes", last=last)
        device_id, code = (None, answer.reason) if isinstance(answer, Outcome) else (answer, None)
        if code:
            log.log(_level(code), "user %d: no encrypted pushes: %s", user_id, code)

        def write(transaction: Transaction) -> None:
            if context.acknowledge(transaction, job):
                account = payload["push_account_id"]
                actions.settle_registration(transaction, user_id, account, device_id, code)

        self.parts.store.write(write, flush=False)

    def _ask(self, payload: dict[str, Any], context: Context) -> int | Outcome:
        road = self.parts.roads.named("bouncer")
        if road is None:
            return failed(NO_BOUNCER)
        with self.parts.store.read() as reader:
            realm = realms.get(reader)
        return cast(BouncerRoad, road).register_encrypted(
            payload["push_account_id"],
            payload["encrypted_push_registration"],
            payload["bouncer_public_key"],
            realm.uuid,
            context.deadline.left,
        )


def _level(code: str) -> int:
    """A registration that came too late has waited for us: something is wrong here."""
    return logging.ERROR if code == TOO_LATE else logging.WARNING
