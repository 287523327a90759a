"""The fixed words of mails and pushes, in the languages that there are catalogues of (appliance/locale).

English is the key, and what is said where no translation is. CONTRIBUTING.md tells translators what to do.
"""

import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DOMAIN, LOCALE = "appliance", Path(__file__).parent.parent / "locale"
ENGLISH = "en"


def msgid(english: str) -> str:
    """Marks words that are said elsewhere, later: so they get into the catalogues."""
    return english


@dataclass(frozen=True, slots=True)
class Language:
    """`code`: of the words, so `en` for a language that nobody has translated to."""

    code: str
    words: gettext.NullTranslations

    def say(self, english: str, **places: object) -> str:
        return self.words.gettext(english).format(**places)

    def count(self, one: str, many: str, count: int, **places: object) -> str:
        """In the form that the language has for this number, which is the place `count`."""
        return self.words.ngettext(one, many, count).format(count=count, **places)


def spoken(code: str) -> Language:
    """As in the setting default_language; of a dialect (`de-at`), its language."""
    known = next((each for each in (code, code.partition("-")[0]) if each in codes()), ENGLISH)
    return _language(known)


@cache
def codes() -> frozenset[str]:
    """Of the languages that there are catalogues of: names of folders."""
    return frozenset(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))


@cache
def _language(code: str) -> Language:
    return Language(code, gettext.translation(DOMAIN, LOCALE, [code], fallback=True))
