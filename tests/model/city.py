"""A town that has all that an organization can add: linkifiers, emoji, files, cards of pages."""

from collections.abc import Sequence

from appliance.model.linkifier import Linkifier
from appliance.model.markdown import Card, Upload
from appliance.model.realm_emoji import RealmEmoji
from tests.model.test_markdown import Town

PAGE = "http://page.b/"  # what begins so has a card


class City(Town):
    def linkifiers(self) -> Sequence[Linkifier]:
        return (
            Linkifier(1, "#(?P<id>[0-9]+)", "https://bugs.test/{id}"),
            Linkifier(2, "(?P<project>[A-Z]{1,5})-(?P<id>[0-9]+)", "https://track.test/{project}/{id}"),
            Linkifier(3, "#7", "https://never.test/"),
        )

    def emoji_named(self, name: str) -> RealmEmoji | None:
        emoji = {"own": RealmEmoji(1, "own", "/user_avatars/1/emoji/images/1.png", None, 7, False)}
        return emoji.get(name)

    def upload(self, path_id: str) -> Upload | None:
        known = {
            "1/2/3/c.png": Upload("image/png", 300, 200, "840x560.webp"),
            "1/2/3/d.gif": Upload("image/gif", 300, 200, "840x560-anim.webp", moves=True),
            "1/2/3/e.png": Upload("image/png", 30, 20),
        }
        return known.get(path_id)

    def shows_images(self) -> bool:
        return True

    def card(self, url: str) -> Card | None:
        if not url.startswith(PAGE):
            return None
        return Card("page", "A <page>", 'About "it"', "https://img.test/a%22b.png")


CITY = City()
