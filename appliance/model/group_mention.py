"""Of several groups that a message mentions, the one that somebody is told it was."""

from collections.abc import Collection, Mapping


def smallest_group(
    groups: Mapping[int, Collection[int]], personally_mentioned: Collection[int]
) -> dict[int, int]:
    """By user id, the group of theirs with the fewest members, of equals the older one. Not for those who are
    mentioned by name as well. `groups`: the ids of all members, by the id of the group."""
    found: dict[int, int] = {}
    for group_id in sorted(groups, key=lambda each: (len(groups[each]), each)):
        for user_id in groups[group_id]:
            found.setdefault(user_id, group_id)
    return {user_id: found[user_id] for user_id in sorted(found) if user_id not in personally_mentioned}
