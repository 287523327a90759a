"""Queue `push_ntfy`: pushes to addresses of people's own. Events: pushing.py."""

from appliance.jobs.worker import assign_queue
from appliance.workers.pushing import ONE_BY_ONE, PushWorker


@assign_queue("push_ntfy", policy=ONE_BY_ONE)
class PushNtfy(PushWorker):
    road = "ntfy"
