from string import Formatter

import pytest

from appliance.model.setting import LANGUAGES
from appliance.notify.language import TRANSLATIONS, spoken


@pytest.mark.parametrize(
    ("code", "said"), [("de", "de"), ("de-at", "de"), ("en", "en"), ("en-gb", "en"), ("ja", "en"), ("", "en")]
)
def test_the_nearest_language_is_spoken(code: str, said: str) -> None:
    assert spoken(code).code == said


def test_what_is_not_translated_is_english() -> None:
    assert spoken("de").say("No such {what}", what="word") == "No such word"


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_translations_have_the_same_places(code: str) -> None:
    assert code in LANGUAGES
    for english, translated in TRANSLATIONS[code].items():
        assert places(translated) == places(english)
