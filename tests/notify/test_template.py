import pytest

from appliance.notify.language import codes, spoken
from appliance.notify.template import TEMPLATES, Unsendable, render

CONTEXT = {
    "realm_name": "Bees & Co",
    "realm_url": "https://chat.test",
    "referrer_name": "<Bob> {0}",
    "activate_url": "https://chat.test/join/?a&b",
    "old_email": "bob@old.test",
    "new_email": "bob@new.test",
    "administrator": "Ann",
    "comment": "Farewell!",
    "email": "bob@new.test",
    "reset_url": "https://chat.test/login/x",
}


@pytest.mark.parametrize("language", ["en", *sorted(codes())])
@pytest.mark.parametrize("prefix", TEMPLATES)
def test_every_template_in_every_language(prefix: str, language: str) -> None:
    words = render(prefix, CONTEXT, spoken(language))
    assert words.subject
    assert "https://chat.test" in words.text
    assert f'<html lang="{language}">' in words.html


def test_what_the_context_holds_is_text() -> None:
    words = render("emails/invitation_reminder", CONTEXT, spoken("en"))
    assert words.text.startswith("<Bob> {0} has invited you to the chat of Bees & Co.\n")
    assert "&lt;Bob&gt; {0} has invited you to the chat of Bees &amp; Co." in words.html
    assert '<a href="https://chat.test/join/?a&amp;b">' in words.html


def test_an_unknown_template() -> None:
    with pytest.raises(Unsendable, match="no template 'emails/x'; there are emails/missed_message, "):
        render("emails/x", CONTEXT, spoken("en"))


@pytest.mark.parametrize("missing", ["referrer_name", "activate_url"])
def test_a_context_that_misses_something(missing: str) -> None:
    context = {name: value for name, value in CONTEXT.items() if name != missing}
    with pytest.raises(Unsendable, match=f"the context of 'emails/invitation_reminder' misses {missing}"):
        render("emails/invitation_reminder", context, spoken("en"))
