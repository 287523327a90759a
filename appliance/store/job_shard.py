"""Queues that are split by user: QUEUE_shard1, QUEUE_shard2, …"""


def shard_name(queue: str, number: int) -> str:
    """Shards are numbered from 1."""
    return f"{queue}_shard{number}"


def shard_of(queue: str, user_id: int, shards: int) -> str:
    """The queue for the user's jobs, of a queue that is split into so many."""
    return shard_names(queue, shards)[user_id % shards]


def shard_names(queue: str, shards: int) -> list[str]:
    """The queues into which it is split; itself, if it is not."""
    return [shard_name(queue, number) for number in range(1, shards + 1)] if shards > 1 else [queue]
