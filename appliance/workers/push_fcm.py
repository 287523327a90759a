"""Queue `push_fcm`: pushes to apps of one's own on Android. Events: pushing.py."""

from appliance.jobs.worker import assign_queue
from appliance.workers.pushing import ONE_BY_ONE, PushWorker


@assign_queue("push_fcm", policy=ONE_BY_ONE)
class PushFcm(PushWorker):
    road = "fcm"
