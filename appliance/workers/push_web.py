"""Queue `push_web`: pushes to browsers, by the services of their makers. Events: pushing.py."""

from appliance.jobs.worker import assign_queue
from appliance.workers.pushing import ONE_BY_ONE, PushWorker


@assign_queue("push_web", policy=ONE_BY_ONE)
class PushWeb(PushWorker):
    road = "web"
