"""Bring the catalogues of translations (appliance/locale) up to the words in the code (appliance/notify), and
compile them.

    .venv/bin/python packaging/make_catalogues.py       # all that there are
    .venv/bin/python packaging/make_catalogues.py it    # and a new one, for Italian: a code as in the setting
                                                        # default_language (appliance/model/setting.py)

Words that are new in the code get an empty translation, which means English; those that are gone are dropped.
Needs Babel, which comes with what the tests need.
"""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PRODUCT = Path(__file__).parent.parent / "appliance"
WORDS, LOCALE, FILE = PRODUCT / "notify", PRODUCT / "locale", "LC_MESSAGES/appliance.po"
# Calls whose arguments are words: Language.say, Language.count, and the mark msgid.
KEYWORDS = {"say": None, "count": (1, 2), "msgid": None}


def words() -> Catalog:
    found = Catalog()
    for _, _, message, comments, context in extract_from_dir(WORDS, keywords=KEYWORDS):
        found.add(message, auto_comments=comments, context=context)
    return found


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def bring_up(path: Path, template: Catalog) -> Catalog:
    """Write the catalogue of one language anew, and compile it. Returns what it is then."""
    catalog = read(path) if path.exists() else begun(path.parent.parent.name)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    with path.open("wb") as file:
        write_po(file, catalog, no_location=True, sort_output=True, ignore_obsolete=True, width=110)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    return catalog


def begun(code: str) -> Catalog:
    """Who translated what is in the history of the file, not in its header."""
    return Catalog(
        code.replace("-", "_"),
        project="appliance",
        version="1",
        header_comment="# The words of mails and pushes. CONTRIBUTING.md tells how to translate them.",
        msgid_bugs_address="the project",
        last_translator="the project",
        language_team="the project",
        revision_date=datetime.now(UTC),
        fuzzy=False,
    )


def missing(catalog: Catalog) -> list[str]:
    """English words that have no translation."""
    return [str(each.id) for each in catalog if each.id and not all(translations(each))]


def translations(message: Message) -> Sequence[str]:
    """One for each plural form."""
    string = message.string or ""
    return [string] if isinstance(string, str) else string


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("code", nargs="?", help="the language to begin with")
    parser.add_argument("--locale", type=Path, default=LOCALE, help="where the catalogues are")
    given = parser.parse_args()
    if given.code:
        (given.locale / given.code / FILE).parent.mkdir(parents=True, exist_ok=True)
    template = words()
    for folder in sorted(path for path in given.locale.iterdir() if path.is_dir()):
        catalog = bring_up(folder / FILE, template)
        print(f"{folder.name}: {len(catalog)} words, {len(missing(catalog))} without a translation")
        for english in missing(catalog):
            print(f"    {english}")


if __name__ == "__main__":
    main()
