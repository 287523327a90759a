"""Passwords, keys and tokens."""

import pytest

from appliance.base.errors import ApiError
from appliance.model import credential as module


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they are outside of tests."""
    monkeypatch.setattr(module, "COST", 2**14)


def test_keys_and_tokens_are_long_and_never_the_same() -> None:
    keys = {module.new_api_key() for _ in range(100)}
    tokens = {module.new_token() for _ in range(100)}
    assert len(keys) == len(tokens) == 100
    assert all(len(key) == 32 and key.isalnum() and key.isascii() for key in keys)
    assert min(map(len, tokens)) >= 43


def test_a_token_is_kept_as_its_hash() -> None:
    assert module.token_hash("a") == module.token_hash("a") != module.token_hash("b")
    assert len(module.token_hash("a")) == 32


@pytest.mark.parametrize(
    ("given", "known", "equal"), [("a", "a", True), ("a", "b", False), ("ü", "ü", True), ("", "a", False)]
)
def test_comparing(given: str, known: str, equal: bool) -> None:
    assert module.same(given, known) is equal


@pytest.mark.usefixtures("dear")
def test_a_password_is_verified_against_its_hash() -> None:
    kept = module.hash_password("correct hörse")
    assert kept.startswith("scrypt$16384$8$5$")
    assert "hörse" not in kept
    assert module.verify_password("correct hörse", kept)
    assert not module.verify_password("correct horse", kept)


def test_equal_passwords_have_different_hashes() -> None:
    assert module.hash_password("correct horse") != module.hash_password("correct horse")


def test_a_hash_of_other_costs_is_verified_by_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = module.hash_password("correct horse")
    monkeypatch.setattr(module, "COST", 32)
    assert module.verify_password("correct horse", kept)


def test_nobody_has_no_password() -> None:
    assert not module.verify_password("", None)
    assert not module.verify_password("anything", None)


@pytest.mark.parametrize("password", ["x" * 8, "x" * 100, "ünïcödé!", " " * 8])
def test_passwords(password: str) -> None:
    assert module.check_password(password) == password


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("", "The password is too short: 8 characters at least."),
        ("x" * 7, "The password is too short: 8 characters at least."),
        ("x" * 101, "The password is too long: 100 characters at most."),
    ],
)
def test_passwords_that_cannot_be(password: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        module.check_password(password)
    assert str(raised.value) == error
