"""What people of the made-up realm write: words as uneven as a language's, and what chats have besides.

Texts come with their HTML, put together rather than rendered: three hundred thousand of them in seconds.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

VOCABULARY = 20_000  # words
ONSETS = ("b", "br", "ch", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "v")
NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "ou", "é", "ö")
CODAS = ("", "", "", "l", "m", "n", "nd", "r", "s", "st", "t", "x")
IDEOGRAPHS = "日本東京大学会議時間電車音楽料理天気朝夜今週来月開発設計試験報告資料更新確認返事予定"
CODE = "for each in range(10):\n    print(each)"
CODE_HTML = (
    '<div class="codehilite" data-code-language="Python"><pre><span></span><code>'
    '<span class="k">for</span> <span class="n">each</span> <span class="ow">in</span>'
    ' <span class="nb">range</span><span class="p">(</span><span class="mi">10</span>'
    '<span class="p">):</span>\n    <span class="nb">print</span><span class="p">(</span>'
    '<span class="n">each</span><span class="p">)</span>\n</code></pre></div>'
)


@dataclass(frozen=True, slots=True)
class Text:
    content: str
    html: str
    has_link: bool = False
    has_image: bool = False
    has_attachment: bool = False


class Writer:
    """The n-th word comes n times more rarely than the first, as in any language."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.words = sorted({self._word() for _ in range(2 * VOCABULARY)}, key=lambda _: random.random())
        self.words = sorted(self.words[:VOCABULARY], key=len)[:100] + self.words[100:VOCABULARY]
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self._stock: list[str] = []

    def _word(self) -> str:
        pick = self._random.choice
        syllables = self._random.choice((1, 2, 2, 3, 3, 4))
        return "".join(pick(ONSETS) + pick(NUCLEI) + pick(CODAS) for _ in range(syllables))

    def some(self, number: int) -> str:
        while len(self._stock) < number:
            self._stock += self._random.choices(self.words, cum_weights=self._weights, k=50_000)
        taken, self._stock = self._stock[:number], self._stock[number:]
        return " ".join(taken)

    def topic(self) -> str:
        return self.some(self._random.randint(1, 4))[:60]

    def text(self, mention: tuple[str, int] | None = None) -> Text:
        """Mostly a line or two, now and then much more."""
        length = min(400, int(self._random.lognormvariate(2.4, 0.9)) + 1)
        words, dice = self.some(length), self._random.random()
        if mention is not None:
            name, user_id = mention
            named = f'<span class="user-mention" data-user-id="{user_id}">@{name}</span>'
            return Text(f"@**{name}|{user_id}** {words}", f"<p>{named} {words}</p>")
        for share, make in self._KINDS:
            if dice < share:
                return make(self, words)
            dice -= share
        return Text(words, f"<p>{words}</p>")

    def _link(self, words: str) -> Text:
        url = f"https://example.com/{self.some(1)}/{self._random.randint(1, 99999)}"
        return Text(f"{words} {url}", f'<p>{words} <a href="{url}">{url}</a></p>', has_link=True)

    def _file(self, words: str) -> Text:
        path, image = f"/user_uploads/1/{self._random.getrandbits(64):016x}", self._random.random() < 0.5
        name = f"{self.some(1)}.{'png' if image else 'pdf'}"
        link = f'<p>{words} <a href="{path}/{name}">{name}</a></p>'
        return Text(f"{words} [{name}]({path}/{name})", link, True, image, True)

    def _emphasis(self, words: str) -> Text:
        extra = self.some(2)
        html = f"<p>{words} <strong>{extra}</strong> :tada:</p>"
        return Text(f"{words} **{extra}** :tada:", html)

    def _code(self, words: str) -> Text:
        return Text(f"{words}\n```python\n{CODE}\n```", f"<p>{words}</p>\n{CODE_HTML}")

    def _ideographs(self, _: str) -> Text:
        words = "".join(self._random.choices(IDEOGRAPHS, k=self._random.randint(4, 60)))
        return Text(words, f"<p>{words}</p>")

    _KINDS = ((0.08, _link), (0.03, _file), (0.10, _emphasis), (0.03, _code), (0.03, _ideographs))
