"""Who and what can be named in a message; implemented over the database by the actions."""

from typing import NamedTuple, Protocol


class Person(NamedTuple):
    user_id: int
    full_name: str


class Group(NamedTuple):
    """`name` as messages show it. One that is not `in_use` any more can only be named silently."""

    group_id: int
    name: str
    in_use: bool = True


class Directory(Protocol):
    def user_named(self, name: str) -> Person | None:
        """Exact full name; None when nobody or more than one person has it."""

    def user_with_id(self, user_id: int) -> Person | None: ...

    def group_named(self, name: str) -> Group | None:
        """Of roles ("role:members") as well as of people's making."""

    def channel_named(self, name: str) -> int | None:
        """The id of a channel that the writer may know of."""
