"""The fixed words of mails in other languages. English is the key, and said where no translation is."""

from collections.abc import Mapping
from dataclasses import dataclass

ENGLISH = "en"

TRANSLATIONS: dict[str, dict[str, str]] = {
    "de": {
        "You were mentioned.": "Du wurdest erwähnt.",
        "This organization does not let mails show what messages say.": (
            "In dieser Organisation zeigen Mails nicht, was in Nachrichten steht."
        ),
        "You have chosen that mails do not show what messages say.": (
            "Du hast gewählt, dass Mails nicht zeigen, was in Nachrichten steht."
        ),
        "New messages": "Neue Nachrichten",
        "You have new messages.": "Du hast neue Nachrichten.",
        "You have 1 new message.": "Du hast 1 neue Nachricht.",
        "You have {count} new messages.": "Du hast {count} neue Nachrichten.",
        "… and 1 more message.": "… und 1 weitere Nachricht.",
        "… and {count} more messages.": "… und {count} weitere Nachrichten.",
        "DMs with {name}": "Direktnachrichten mit {name}",
        "Group DMs with {first} and {second}": "Gruppennachrichten mit {first} und {second}",
        "Group DMs with {first}, {second}, and {third}": (
            "Gruppennachrichten mit {first}, {second} und {third}"
        ),
        "Group DMs with {first}, {second}, and {count} others": (
            "Gruppennachrichten mit {first}, {second} und {count} anderen"
        ),
        "Read and answer in the chat": "Im Chat lesen und antworten",
        "Answers to this mail are not read.": "Antworten auf diese Mail werden nicht gelesen.",
        "Choose which mails you get": "Wähle, welche Mails du bekommst",
        "Welcome to {realm_name}": "Willkommen bei {realm_name}",
        "You have an account in the chat of {realm_name}.": "Du hast ein Konto im Chat von {realm_name}.",
        "Open the chat": "Den Chat öffnen",
        "Reminder: join {realm_name}": "Erinnerung: Komm zu {realm_name}",
        "{referrer_name} has invited you to the chat of {realm_name}.": (
            "{referrer_name} hat dich in den Chat von {realm_name} eingeladen."
        ),
        "Accept the invitation": "Die Einladung annehmen",
    },
}


@dataclass(frozen=True, slots=True)
class Language:
    """`code`: of the words, so `en` for a language that nobody has translated to."""

    code: str
    words: Mapping[str, str]

    def say(self, english: str, **places: object) -> str:
        return self.words.get(english, english).format(**places)

    def count(self, one: str, many: str, count: int) -> str:
        return self.say(one) if count == 1 else self.say(many, count=count)


def spoken(code: str) -> Language:
    """As in the setting default_language; of a dialect (`de-at`), its language."""
    known = next((each for each in (code, code.partition("-")[0]) if each in TRANSLATIONS), ENGLISH)
    return Language(known, TRANSLATIONS.get(known, {}))
