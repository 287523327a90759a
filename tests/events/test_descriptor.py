"""What a client said when it registered, kept and understood."""

import weakref
from typing import Any

import orjson
import pytest

from appliance.base.errors import ApiError
from appliance.events.descriptor import (
    CAPABILITIES,
    ClientDescriptor,
    queue_timeout,
    shared,
    supports_pronouns,
)


def test_it_survives_the_file() -> None:
    client = ClientDescriptor(
        client_type_name="website",
        event_types=("message",),
        narrow=(("is", "dm"),),
        pronouns_field_type_supported=False,
        **dict.fromkeys(CAPABILITIES, True),
    )
    saved = orjson.loads(orjson.dumps(client.to_json()))
    assert ClientDescriptor.from_json(saved) == client


@pytest.mark.parametrize(  # checklist 218
    ("saved", "expected"),
    [
        ({}, {}),
        ({"client_type": "website"}, {"client_type_name": "website"}),
        ({"user_profile_id": 5, "of_the_future": [1]}, {}),
        ({"event_types": None, "narrow": []}, {}),
        ({"event_types": ["message"]}, {"event_types": ("message",)}),
        ({"narrow": [["is", "dm"]]}, {"narrow": (("is", "dm"),)}),
        ({"queue_timeout": 60, "apply_markdown": True}, {"queue_timeout": 60, "apply_markdown": True}),
    ],
)
def test_what_other_versions_saved(saved: dict[str, Any], expected: dict[str, Any]) -> None:
    assert ClientDescriptor.from_json(saved) == ClientDescriptor(**expected)


def test_what_an_older_version_did_not_save() -> None:  # checklist 218
    client = ClientDescriptor.from_json({})
    off = {name: getattr(client, name) for name in ("client_gravatar", "slim_presence", *CAPABILITIES)}
    assert off == dict.fromkeys(off, False)
    assert client.pronouns_field_type_supported
    assert (client.event_types, client.narrow, client.queue_timeout) == (None, (), 600)


def test_clients_of_a_kind_share_their_descriptor() -> None:
    first, second = (ClientDescriptor(client_type_name="shared", event_types=("message",)) for _ in "ab")
    other = ClientDescriptor(client_type_name="shared", event_types=("presence",))
    assert shared(first) is shared(second) is first
    assert shared(other) is other
    assert ClientDescriptor.from_json(first.to_json()) is first


def test_a_descriptor_is_forgotten_with_its_last_queue() -> None:
    kept = weakref.ref(shared(ClientDescriptor(client_type_name="gone soon")))
    assert kept() is None


@pytest.mark.parametrize(  # checklist 145
    ("asked", "seconds"),
    [(0, 600), (1, 1), (3600, 3600), (604_800, 604_800), (10**9, 604_800), ("mobile", 12 * 3600)],
)
def test_how_long_a_queue_may_idle(asked: int | str, seconds: int) -> None:
    assert queue_timeout(asked) == seconds


@pytest.mark.parametrize("narrow", [(("has", "link"),), (("dm", "ann@example.org"),), (("is", "followed"),)])
def test_narrows_that_no_queue_can_have(narrow: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ApiError, match=r"^Oper(ator|and) .* not supported\.$"):
        ClientDescriptor(narrow=narrow).narrow_predicate  # noqa: B018 (compiled when asked for)


@pytest.mark.parametrize(
    ("types", "wanted"), [(None, True), (("message", "presence"), True), (("presence",), False), ((), False)]
)
def test_who_is_a_client_for_messages(types: tuple[str, ...] | None, wanted: bool) -> None:
    assert ClientDescriptor(event_types=types).accepts_messages is wanted


@pytest.mark.parametrize(
    ("flags", "wishes", "wanted"),
    [
        ([], {}, True),
        ([], {"narrow": (("is", "mentioned"),)}, False),
        (["mentioned"], {"narrow": (("is", "mentioned"),)}, True),
        (["mentioned"], {"narrow": (("is", "mentioned"),), "event_types": ("presence",)}, False),
    ],
)
def test_which_messages_a_client_wants(flags: list[str], wishes: dict[str, Any], wanted: bool) -> None:
    assert ClientDescriptor(**wishes).accepts_message({"type": "private"}, flags) is wanted


@pytest.mark.parametrize(
    ("name", "expected"), [("zephyr_mirror", True), ("IRC_Mirror", True), ("website", False), ("", False)]
)
def test_which_clients_are_mirrors(name: str, expected: bool) -> None:
    assert ClientDescriptor(client_type_name=name).is_mirror is expected


@pytest.mark.parametrize(  # checklist 153
    ("agent", "expected"),
    [
        ("ZulipMobile/27.191 (Android 12)", False),
        ("ZulipMobile/26.200", False),
        ("ZulipMobile/27", False),
        ("ZulipMobile/27.192 (iOS 16.1)", True),
        ("ZulipMobile/28.1", True),
        ("ZulipMobile/27.1920", True),
        ("ZulipFlutter/0.0.1", True),
        ("ZulipMobile/x", True),
        ("Mozilla/5.0", True),
        ("", True),
    ],
)
def test_who_knows_fields_for_pronouns(agent: str, expected: bool) -> None:
    assert supports_pronouns(agent) is expected
