"""Queue `push_apns`: pushes to apps of one's own on Apple's devices. Events: pushing.py."""

from appliance.jobs.worker import assign_queue
from appliance.workers.pushing import TOGETHER, PushBatchWorker


@assign_queue("push_apns", policy=TOGETHER)
class PushApns(PushBatchWorker):
    road = "apns"
