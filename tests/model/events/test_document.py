"""docs/events.md is made of the descriptions, and what these say of clients and settings is so."""

import re
from collections.abc import Iterator

from appliance.events import descriptor
from appliance.events.descriptor import CAPABILITIES, ClientDescriptor
from appliance.model.events import KINDS, SECTIONS
from appliance.model.events.document import document
from appliance.model.events.types import Either, Field, ListOf, MapOf, Object, OneOf, Type
from appliance.model.realm_setting import REALM_SETTINGS
from tests.test_layers import CHECKOUT, read_imports

_SAID = re.compile(r"`(\w+)`")


def _fields(type: Type) -> Iterator[Field]:
    match type:
        case ListOf(inner) | MapOf(inner):
            yield from _fields(inner)
        case Either(types=types):
            for each in types:
                yield from _fields(each)
        case Object(fields=fields):
            for field in fields.values():
                yield field
                yield from _fields(field.type)


def _said_of_clients() -> set[str]:
    phrases = [part for kind in KINDS.values() for part in (kind.who, kind.when, kind.clients)]
    phrases += [form.clients for kind in KINDS.values() for form in kind.forms]
    phrases += [
        field.note
        for kind in KINDS.values()
        for whole in kind.objects
        for field in _fields(whole)
        if field.note
    ]
    return {name for phrase in phrases for name in _SAID.findall(phrase)}


def test_every_capability_that_decides_about_events_is_named() -> None:
    of_the_snapshot_only = {
        "notification_settings_null",
        "user_avatar_url_field_optional",
        "linkifier_url_template",
    }
    assert CAPABILITIES - of_the_snapshot_only <= _said_of_clients()


def test_every_capability_that_is_named_exists() -> None:
    known = {*ClientDescriptor.__dataclass_fields__, "pronouns_field_type_supported"}
    fields_and_types = {name for kind in KINDS.values() for form in kind.forms for name in form.fields} | {
        kind.type for kind in KINDS.values()
    }
    others = {"local_id", "description", "is_archived", "op"}
    assert _said_of_clients() - known - fields_and_types - others == set()


def test_kinds_that_clients_must_accept_say_so() -> None:
    """Those whose type has a condition of its own in the descriptor."""
    said = {
        kind.type
        for kind in KINDS.values()
        if _SAID.search(" ".join([kind.who, kind.when, kind.clients, *(form.clients for form in kind.forms)]))
    }
    assert set(descriptor.CONDITIONS) <= said


def test_every_setting_of_the_organization_can_be_told() -> None:
    [property_] = [whole.fields["property"].type for whole in KINDS["realm/update"].objects]
    assert isinstance(property_, OneOf)
    assert {*REALM_SETTINGS, "name", "description"} <= set(property_.values)


def test_the_document_is_up_to_date() -> None:
    written = (CHECKOUT / "docs/events.md").read_text("utf-8")
    assert written == document(), "python -m appliance.model.events > docs/events.md"


def test_the_document_has_every_kind_and_links_to_what_it_has() -> None:
    text = document()
    assert [name for name in KINDS if f"### `{name}`\n" not in text] == []
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\(#([\w-]+)\)", text)) <= set(anchors)


def test_names_are_given_once() -> None:
    named = [each.name for _, _, names in SECTIONS for each in names]
    assert len(named) == len(set(named))
    assert sum(len(kinds) for _, kinds, _ in SECTIONS) == len(KINDS)


def test_every_named_object_is_in_the_document() -> None:
    listed = {id(each) for _, _, names in SECTIONS for each in names}
    used = [field.type for kind in KINDS.values() for whole in kind.objects for field in _fields(whole)]
    assert {
        each.name for each in used if isinstance(each, Object) and each.name and id(each) not in listed
    } == set()


def test_the_server_does_not_load_the_descriptions() -> None:
    importers = {each.importer for each in read_imports(CHECKOUT) if "model.events" in each.imported}
    assert {name for name in importers if not name.startswith("appliance.model.events")} == set()
