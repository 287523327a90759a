"""What a client said when it registered, kept and understood."""

import orjson
import pytest

from appliance.base.errors import ApiError
from appliance.events.descriptor import ClientDescriptor, queue_timeout


def test_it_survives_the_file() -> None:
    client = ClientDescriptor(event_types=("message",), narrow=(("is", "dm"),), archived_channels=True)
    saved = orjson.loads(orjson.dumps(client.to_json()))
    assert ClientDescriptor.from_json(saved) == client


def test_what_an_older_version_did_not_save_has_its_default() -> None:
    assert ClientDescriptor.from_json({}) == ClientDescriptor()


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(0, 600), (1, 1), (3600, 3600), (604_800, 604_800), (10**9, 604_800), ("mobile", 12 * 3600)],
)
def test_how_long_a_queue_may_idle(asked: int | str, seconds: int) -> None:
    assert queue_timeout(asked) == seconds


@pytest.mark.parametrize("narrow", [(("has", "link"),), (("dm", "ann@example.org"),), (("is", "followed"),)])
def test_narrows_that_no_queue_can_have(narrow: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ApiError, match=r"^Oper(ator|and) .* not supported\.$"):
        ClientDescriptor(narrow=narrow).narrow_predicate  # noqa: B018 (compiled when asked for)
