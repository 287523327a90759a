"""Client descriptors, event queues, fan-out, long-poll waiting, snapshot and replay."""
