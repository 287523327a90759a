"""Texts that are made to take long: what parsers go back over, nest, or look for in vain."""

from collections.abc import Callable

Text = Callable[[int], str]  # of so many characters


def pieces(words: str) -> list[str]:
    """Words, in which "·" stands for a blank and "¶" for a new line."""
    return [word.replace("·", " ").replace("¶", "\n") for word in words.split()]


REPEATED = [
    *["\0", "\r", "\t", "\u00a0", "\u00e9", "\U0001f44d", "\U0001f44d\u200d", "\U0001f1e9"],
    *pieces(
        r"[ ] ( []( ![ [a](b) [[a](b) ]( []( [a](<b [a](b·'c `[ *[ < <a·href= <!-- <time: <time:1> & &amp;"
    ),
    *pieces(
        r'* ** *· *a·**b· a**b ***a *[a](b)* _* ~~a· ~ ` `` `a``b \ " &#60; $ $$ $$a \$$ $$\$ : :a :: :smile:'
    ),
    *pieces("@ @*a @_*a @*old*· @**a @_** @**Ann·Smith**· @**a|1**· # #**a #**general> #**general>a**·"),
    *pieces(
        "http:// http://a http://a· http://a/( http://a/((b) http://a/[ http://a?b ftp://a:// //a.b www. a."
    ),
    *pieces(
        "a-. a.com a.com· a.com/( a@ a@b.co a@b.co· x@x. mailto:a@b.co· ¶ a¶ ····a¶ #· ---¶ | |- |¶ a|b¶"
    ),
    *pieces(">· >·a¶ >·-· -· -·a¶ -·a¶·· 1.· -·-· |a¶|-¶ |a|b|¶|-|-|¶ ```¶ ```a¶ ```math¶ ```quote¶"),
    *pieces("~~~spoiler·x¶ >·```quote¶ -·```quote¶··"),
]
ADDED = pieces(
    "#7· #7 #7, X-1· (#7)· **#7**· [#7](http://b)· #·#7¶ >·#7¶ :own: http://a/b.png· http://a/b.png¶"
    " -·http://a/b.png¶ http://page.b/1· [](http://a/b.png) https://youtu.be/a· @**·#7· <time:#7 |#7|¶|-|¶"
)
NESTING = pieces(">· -· 1.· >·-· *a· **a· ***a· ~~a· *a·~~b· [ [*a· >·```quote¶ -·```spoiler·*a¶··")
SHAPED: dict[str, Text] = {
    "a word": lambda size: "a" * size,
    "a host": lambda size: "a." * (size // 2 - 2) + "com",
    "brackets": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "emphasis": lambda size: "*a " * (size // 5) + "b*" * (size // 5),
    "strong": lambda size: "**a " * (size // 7) + "b**" * (size // 7),
    "backquotes": lambda size: "".join("`" * run + "a" for run in range(1, round((2 * size) ** 0.5))),
    "quotes in quotes": lambda size: "".join("> " * depth + "a\n" for depth in range(round(size**0.5))),
    "lists in lists": lambda size: "".join("  " * depth + "- a\n" for depth in range(round(size**0.5))),
    "fences in fences": lambda size: "".join(
        "`" * run + "quote\n" for run in range(round((2 * size) ** 0.5), 3, -1)
    ),
    "a long table": lambda size: "a|b\n-|-\n" + "a|b\n" * (size // 4 - 2),
}
ORDINARY = (
    "Hello *world*, see https://a.com/x and @**Ann Smith** :smile: `code`.\n\n* item **one**\n\n> quoted\n"
)


def repeated(piece: str) -> Text:
    return lambda size: (piece * size)[:size]


TEXTS: dict[str, Text] = {**{repr(each): repeated(each) for each in [*REPEATED, *ADDED, *NESTING]}, **SHAPED}
