from pathlib import Path

import pytest

from appliance.actions.user import deactivation, login_link
from appliance.actions.user import session as actions
from appliance.actions.user.session import LIFETIME
from appliance.model.user import User
from appliance.store.store import Store
from tests.conftest import MakeUser, MovableClock

PASSWORD = "correct horse battery"


@pytest.fixture
def ann(make_user: MakeUser) -> User:
    make_user("Olga")
    return make_user("Ann")


def user_of(store: Store, token: str, clock: MovableClock) -> int | None:
    found = actions.user_of(store, token, clock.now())
    return found.id if found else None


def test_a_session_is_somebodys_until_it_ends(store: Store, clock: MovableClock, ann: User) -> None:
    token = actions.begin(store, ann)
    assert user_of(store, token, clock) == ann.id
    actions.end(store, token)
    assert user_of(store, token, clock) is None


def test_others_go_on(store: Store, clock: MovableClock, ann: User) -> None:
    here, there = actions.begin(store, ann), actions.begin(store, ann)
    actions.end(store, here)
    assert user_of(store, there, clock) == ann.id


@pytest.mark.parametrize("token", ["", "unknown", "ünknown"])
def test_unknown_tokens_are_nobodys(store: Store, clock: MovableClock, ann: User, token: str) -> None:
    actions.end(store, token)
    assert user_of(store, token, clock) is None


@pytest.mark.parametrize(("age", "good"), [(LIFETIME, True), (LIFETIME + 1, False)])
def test_a_session_expires(store: Store, clock: MovableClock, ann: User, age: int, good: bool) -> None:
    token = actions.begin(store, ann)
    clock.advance(age)
    assert user_of(store, token, clock) == (ann.id if good else None)


def test_expired_sessions_leave_the_file(store: Store, clock: MovableClock, ann: User) -> None:
    actions.begin(store, ann)
    clock.advance(LIFETIME + 1)
    actions.begin(store, ann)
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM session") == 1


def test_who_is_locked_out_is_signed_out(store: Store, clock: MovableClock, ann: User) -> None:
    token = actions.begin(store, ann)
    deactivation.deactivate(store, ann)
    assert user_of(store, token, clock) is None


def test_a_new_password_ends_sessions_and_other_links(store: Store, clock: MovableClock, ann: User) -> None:
    token = actions.begin(store, ann)
    used, left = login_link.make(store, ann), login_link.make(store, ann)
    login_link.follow(store, used, PASSWORD)
    assert user_of(store, token, clock) is None
    with pytest.raises(login_link.LinkSpent):
        login_link.whose(store, left, clock.now())


def test_tokens_are_not_in_the_file(store: Store, ann: User) -> None:
    token = actions.begin(store, ann).encode()
    files: list[Path] = [path for path in store.folder.iterdir() if path.is_file()]
    assert files
    assert not any(token in path.read_bytes() for path in files)
