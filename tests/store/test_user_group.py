"""Who is in which group in the end: through groups in groups, and through roles."""

from typing import NamedTuple

import pytest

from appliance.model.group import ID
from appliance.model.user import Role, User
from appliance.store import user as users
from appliance.store import user_group as groups
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.conftest import MakeUser

EVERYONE, MEMBERS, MODERATORS, NOBODY = (
    ID[f"role:{name}"] for name in ("everyone", "members", "moderators", "nobody")
)


class Town(NamedTuple):
    """Olga owns it, Mo moderates, Ann and Bob are members, Gwen a guest.

    `leads` is Ann alone; `devs` Bob and the leads; `company` the devs and the moderators.
    """

    store: Store
    olga: User
    mo: User
    ann: User
    bob: User
    gwen: User
    leads: int
    devs: int
    company: int
    empty: int

    def members(self, group_id: int) -> set[int]:
        with self.store.read() as reader:
            return groups.members(reader, group_id)

    def groups_of(self, user: User) -> frozenset[int]:
        with self.store.read() as reader:
            return groups.groups_of(reader, user.id)

    def subgroups(self, group_id: int) -> set[int]:
        with self.store.read() as reader:
            return groups.subgroups(reader, group_id)


def make(store: Store, name: str, members: list[User], subgroups: list[int]) -> int:
    def write(transaction: Transaction) -> int:
        group_id = groups.add(transaction, name, "", 1, {})
        groups.add_members(transaction, group_id, [each.id for each in members])
        groups.add_subgroups(transaction, group_id, subgroups)
        return group_id

    return store.write(write)


@pytest.fixture
def town(store: Store, make_user: MakeUser) -> Town:
    olga, mo = make_user("Olga", role=Role.OWNER), make_user("Mo", role=Role.MODERATOR)
    ann, bob, gwen = make_user("Ann"), make_user("Bob"), make_user("Gwen", role=Role.GUEST)
    leads = make(store, "leads", [ann], [])
    devs = make(store, "devs", [bob], [leads])
    company = make(store, "company", [], [devs, MODERATORS])
    return Town(store, olga, mo, ann, bob, gwen, leads, devs, company, make(store, "empty", [], []))


def test_ids_begin_above_those_of_the_roles(town: Town) -> None:
    assert town.leads > max(ID.values())


def test_members_of_a_group_and_of_all_inside_it(town: Town) -> None:
    assert town.members(town.leads) == {town.ann.id}
    assert town.members(town.devs) == {town.ann.id, town.bob.id}
    assert town.members(town.company) == {town.ann.id, town.bob.id, town.mo.id, town.olga.id}
    assert town.members(town.empty) == set()


def test_members_of_roles(town: Town) -> None:
    people = {each.id for each in (town.olga, town.mo, town.ann, town.bob)}
    assert town.members(EVERYONE) == {*people, town.gwen.id}
    assert town.members(MEMBERS) == people
    assert town.members(MODERATORS) == {town.olga.id, town.mo.id}
    assert town.members(NOBODY) == set()


def test_who_is_deactivated_is_in_no_group(town: Town) -> None:
    town.store.write(lambda transaction: users.set_active(transaction, town.ann.id, False))
    assert town.members(town.company) == {town.bob.id, town.mo.id, town.olga.id}
    assert town.ann.id not in town.members(MEMBERS)
    with town.store.read() as reader:
        found = groups.with_id(reader, town.leads)
    assert found is not None
    assert found.members == ()


def test_groups_of_somebody(town: Town) -> None:
    internet, full = ID["role:internet"], ID["role:fullmembers"]
    assert town.groups_of(town.gwen) == {internet, EVERYONE}
    assert town.groups_of(town.ann) == {
        internet,
        EVERYONE,
        MEMBERS,
        full,
        town.leads,
        town.devs,
        town.company,
    }
    assert town.groups_of(town.mo) == {internet, EVERYONE, MEMBERS, full, MODERATORS, town.company}


def test_groups_inside_a_group(town: Town) -> None:
    assert town.subgroups(town.leads) == set()
    admins, owners = ID["role:administrators"], ID["role:owners"]
    assert town.subgroups(town.company) == {town.devs, town.leads, MODERATORS, admins, owners}
    assert town.subgroups(MODERATORS) == {admins, owners}


def test_who_is_in_a_group_and_which_somebody_is_in_say_the_same(town: Town) -> None:
    everything = [*ID.values(), town.leads, town.devs, town.company, town.empty]
    for user in (town.olga, town.mo, town.ann, town.bob, town.gwen):
        assert town.groups_of(user) == {each for each in everything if user.id in town.members(each)}


def test_a_circle_ends(town: Town) -> None:
    """The actions make none; were there one, nobody would wait for it."""
    town.store.write(lambda transaction: groups.add_subgroups(transaction, town.leads, [town.devs]))
    assert town.members(town.leads) == town.members(town.devs) == {town.ann.id, town.bob.id}


def test_going(town: Town) -> None:
    def write(transaction: Transaction) -> None:
        groups.remove_members(transaction, town.devs, [town.bob.id])
        groups.remove_subgroups(transaction, town.company, [MODERATORS])

    town.store.write(write)
    assert town.members(town.company) == {town.ann.id}


def test_a_group_by_name_and_by_id(town: Town) -> None:
    with town.store.read() as reader:
        found = groups.named(reader, "devs")
        assert found == groups.with_id(reader, town.devs)
        assert groups.named(reader, "Devs") is None
        assert [each.id for each in groups.everything(reader)] == [
            town.leads,
            town.devs,
            town.company,
            town.empty,
        ]
    assert found is not None
    assert (found.members, found.subgroup_ids) == ((town.bob.id,), (town.leads,))
