import pytest

from appliance.model.setting import LANGUAGES
from appliance.notify.language import codes, spoken


@pytest.mark.parametrize(
    ("code", "said"), [("de", "de"), ("de-at", "de"), ("en", "en"), ("en-gb", "en"), ("ja", "en"), ("", "en")]
)
def test_the_nearest_language_is_spoken(code: str, said: str) -> None:
    assert spoken(code).code == said


def test_there_are_languages_besides_english() -> None:
    assert codes() >= {"de", "es", "fr"}
    assert codes() <= LANGUAGES.keys()


def test_what_is_not_translated_is_english() -> None:
    assert spoken("de").say("No such {what}", what="word") == "No such word"


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [
        ("en", 0, "You have 0 new messages."),
        ("en", 1, "You have 1 new message."),
        ("en", 2, "You have 2 new messages."),
        ("de", 0, "Du hast 0 neue Nachrichten."),
        ("de", 1, "Du hast 1 neue Nachricht."),
        ("es", 2, "Tienes 2 mensajes nuevos."),
        ("fr", 0, "Vous avez 0 nouveau message."),
        ("fr", 2, "Vous avez 2 nouveaux messages."),
    ],
)
def test_each_number_has_its_form(code: str, count: int, said: str) -> None:
    one, many = "You have {count} new message.", "You have {count} new messages."
    assert spoken(code).count(one, many, count) == said


@pytest.mark.parametrize("nasty", ["../../etc", "de/LC_MESSAGES", "de\0", "DE", ".", "-"])
def test_no_code_leads_out_of_the_folder(nasty: str) -> None:
    assert spoken(nasty).code == "en"
