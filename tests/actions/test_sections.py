"""The table of sections is whole: no kind of event is forgotten in it, and clients can follow each."""

from collections import Counter

import pytest

from appliance.actions.snapshot import SECTIONS, UNKEPT, Section
from appliance.model.events import KINDS
from tests.client import CHANGES

CHANGING = frozenset(kind for section in SECTIONS for kind in section.changed_by)
NAMED = {" ".join(section.types): section for section in SECTIONS}


def test_every_kind_of_event_changes_a_section_or_is_known_to_change_none() -> None:
    assert KINDS.keys() - CHANGING - UNKEPT == set()


def test_no_kind_does_both() -> None:
    assert CHANGING.isdisjoint(UNKEPT)


def test_no_section_is_listed_twice() -> None:
    assert Counter(section.types for section in SECTIONS).most_common(1)[0][1] == 1


@pytest.mark.parametrize("section", SECTIONS, ids=list(NAMED))
def test_the_client_of_the_tests_knows_what_changes_a_section(section: Section) -> None:
    assert CHANGES[section.types].keys() == section.changed_by


@pytest.mark.parametrize(
    ("name", "types", "wanted"),
    [
        ("drafts", None, True),
        ("drafts", {"drafts"}, True),
        ("drafts", {"message"}, False),
        ("message update_message_flags", None, True),
        ("message update_message_flags", {"message"}, False),
        ("message update_message_flags", {"message", "update_message_flags"}, True),
        ("muted_topics", None, True),
        ("muted_topics", {"muted_topics"}, True),
        ("muted_topics", {"muted_topics", "user_topic"}, False),
        ("user_topic", {"muted_topics", "user_topic"}, True),
    ],
)
def test_who_wants_a_section(name: str, types: set[str] | None, wanted: bool) -> None:
    assert NAMED[name].wanted(None if types is None else frozenset(types)) == wanted
