from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from appliance.actions.user import account, api_key, deactivation, login_link
from appliance.actions.user import session as actions
from appliance.base.errors import ApiError, StorageError
from appliance.model.session import LIFETIME, MOST, NOTED_AFTER, Session
from appliance.model.user import User
from appliance.store.store import Store
from tests.actions.conftest import Told
from tests.conftest import MakeUser, MovableClock, stored

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


def test_it_lasts_as_long_as_it_is_used(store: Store, clock: MovableClock, ann: User) -> None:
    token = actions.begin(store, ann)
    for _ in range(3):
        clock.advance(LIFETIME)
        assert user_of(store, token, clock) == ann.id


def sessions_of(store: Store, user: User, clock: MovableClock) -> list[Session]:
    with store.read() as reader:
        return actions.own(reader, user, clock.now())


def test_its_use_is_written_down_once_an_hour(store: Store, clock: MovableClock, ann: User) -> None:
    token, began = actions.begin(store, ann), int(clock.now())
    seen = []
    for _ in range(4):
        clock.advance(NOTED_AFTER / 2)
        user_of(store, token, clock)
        seen.append(sessions_of(store, ann, clock)[0].last_used - began)
    assert seen == [0, NOTED_AFTER, NOTED_AFTER, 2 * NOTED_AFTER]


def test_polls_write_nothing(store: Store, clock: MovableClock, ann: User) -> None:
    token = actions.begin(store, ann)
    clock.advance(NOTED_AFTER)
    before = store.committer.writes
    assert actions.user_of(store, token, clock.now(), notes=False) == stored(store, ann)
    assert store.committer.writes == before


def test_a_full_disk_signs_nobody_out(
    store: Store, clock: MovableClock, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise StorageError("disk full")

    token = actions.begin(store, ann)
    clock.advance(NOTED_AFTER)
    monkeypatch.setattr(store, "write", full)
    assert user_of(store, token, clock) == ann.id


def test_the_one_that_was_not_used_for_longest_makes_room(
    store: Store, clock: MovableClock, ann: User
) -> None:
    tokens = []
    for _ in range(MOST):
        clock.advance(1)
        tokens.append(actions.begin(store, ann))
    clock.advance(NOTED_AFTER)
    user_of(store, tokens[0], clock)
    actions.begin(store, ann)
    assert len(sessions_of(store, ann, clock)) == MOST
    assert user_of(store, tokens[0], clock) == ann.id
    assert user_of(store, tokens[1], clock) is None


def test_one_lists_ones_own(store: Store, clock: MovableClock, ann: User, make_user: MakeUser) -> None:
    actions.begin(store, make_user("Bob"), "Firefox on Linux")
    actions.begin(store, ann, "Safari on iPhone")
    clock.advance(60)
    actions.begin(store, ann, "Chrome on Windows")
    assert [each.browser for each in sessions_of(store, ann, clock)] == [
        "Chrome on Windows", "Safari on iPhone",
    ]  # fmt: skip


def test_one_ends_ones_own_alone(store: Store, clock: MovableClock, ann: User, make_user: MakeUser) -> None:
    bob = make_user("Bob")
    token = actions.begin(store, bob)
    [session] = sessions_of(store, bob, clock)
    with pytest.raises(ApiError, match="No such session"):
        actions.end_own(store, ann, session.id)
    assert user_of(store, token, clock) == bob.id
    actions.end_own(store, bob, session.id)
    assert user_of(store, token, clock) is None


def test_all_others_end(store: Store, clock: MovableClock, ann: User) -> None:
    here, there = actions.begin(store, ann), actions.begin(store, ann)
    actions.end_others(store, ann, here)
    assert user_of(store, here, clock) == ann.id
    assert user_of(store, there, clock) is None


def new_password(store: Store, ann: User, token: str) -> None:
    store.write(lambda transaction: account.set_password(transaction, ann, "hashed", token))


def new_key(store: Store, ann: User, token: str) -> None:
    api_key.reset(store, ann, token)


@pytest.mark.parametrize("deed", [new_password, new_key])
def test_what_ends_the_others_spares_the_one_it_is_done_in(
    store: Store, clock: MovableClock, ann: User, deed: Callable[[Store, User, str], None]
) -> None:
    here, there = actions.begin(store, ann), actions.begin(store, ann)
    deed(store, ann, here)
    assert user_of(store, here, clock) == ann.id
    assert user_of(store, there, clock) is None


def test_clients_that_wait_ask_anew_when_a_session_ends(
    store: Store, clock: MovableClock, ann: User
) -> None:
    token, told = actions.begin(store, ann), Told(store)
    actions.end(store, token)
    assert told.kinds() == [("poll_anew", [ann.id])]


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
