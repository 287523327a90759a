"""What a thread works on."""

from collections.abc import Sequence

from appliance.jobs.deadline import Deadline
from appliance.jobs.worker import Delivery


class Claim:
    """Jobs in the hands of one thread; it counts as long as it is in its lane's set of claims."""

    __slots__ = ("began", "deadline", "deliveries", "marked")

    def __init__(self, deliveries: Sequence[Delivery], deadline: Deadline, began: float) -> None:
        """`began`: by the monotonic clock."""
        self.deliveries, self.deadline, self.began = deliveries, deadline, began
        self.marked = False

    @property
    def job_ids(self) -> list[int]:
        return [each.job.id for each in self.deliveries]
