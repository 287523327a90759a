"""Messages to HTML: the shapes that clients know, and who is mentioned."""

import pytest

from appliance.model.markdown import Directory, Group, Person, Rendered, code, is_me_message, render


class Town(Directory):
    """Two people of one name, two who are known by theirs, two channels, a group and a former one."""

    def __init__(self) -> None:
        self.people = [Person(7, "Ann Smith"), Person(8, "Bo <b>"), Person(9, "Twin"), Person(10, "Twin")]
        self.groups = [Group(11, "the <devs>"), Group(12, "old", in_use=False)]
        self.channels = {"general": 5, "api design": 378}

    def user_named(self, name: str) -> Person | None:
        named = [person for person in self.people if person.full_name == name]
        return named[0] if len(named) == 1 else None

    def user_with_id(self, user_id: int) -> Person | None:
        return next((person for person in self.people if person.user_id == user_id), None)

    def group_named(self, name: str) -> Group | None:
        return next((group for group in self.groups if group.name == name), None)

    def channel_named(self, name: str) -> int | None:
        return self.channels.get(name)


TOWN = Town()


def html(content: str) -> str:
    return render(content, TOWN).html


def emoji(name: str, code: str) -> str:
    title = name.replace("_", " ")
    return f'<span aria-label="{title}" class="emoji emoji-{code}" role="img" title="{title}">:{name}:</span>'


def link(href: str, text: str | None = None) -> str:
    return f'<a href="{href}">{text or href}</a>'


def codehilite(body: str, language: str = "") -> str:
    named = f' data-code-language="{language}"' if language else ""
    return f'<div class="codehilite"{named}><pre><span></span><code>{body}</code></pre></div>'


def spoiler(header: str, content: str) -> str:
    return (
        f'<div class="spoiler-block"><div class="spoiler-header">\n{header}</div>'
        f'<div class="spoiler-content" aria-hidden="true">\n{content}</div></div>'
    )


def katex(tex: str, display: str = "") -> str:
    return (
        '<span class="katex"><span class="katex-mathml"><math xmlns="http://www.w3.org/1998/Math/MathML"'
        f'{display}><semantics><annotation encoding="application/x-tex">{tex}</annotation></semantics></math>'
        f'</span><span class="katex-html" aria-hidden="true">{tex}</span></span>'
    )


DISPLAYED = katex("a^2", ' display="block"')
ANN = '<span class="user-mention" data-user-id="7">@Ann Smith</span>'
SILENT_ANN = '<span class="user-mention silent" data-user-id="7">Ann Smith</span>'
ALL = '<span class="user-mention channel-wildcard-mention" data-user-id="*">@all</span>'


@pytest.mark.parametrize(
    ("content", "inner"),
    [
        ("hello", "hello"),
        ("a\nb", "a<br>\nb"),
        ("*a* **b** ***c*** ~~d~~", "<em>a</em> <strong>b</strong> <em><strong>c</strong></em> <del>d</del>"),
        ("_a_ __b__ some_file_name", "_a_ __b__ some_file_name"),
        ("const char *x = (char *)y", "const char *x = (char *)y"),
        ("`a *b* <c>`", "<code>a *b* &lt;c&gt;</code>"),
        ("```a```", "<code>a</code>"),
        (r"C:\_x\*y", r"C:\_x\*y"),
        ("<h1>a</h1> & &amp; &lt;", "&lt;h1&gt;a&lt;/h1&gt; &amp; &amp; &lt;"),
        ("\"a\" 'b'", "\"a\" 'b'"),
        ("a \ud800 b", "a \ufffd b"),
        ("a \x00 b", "a \ufffd b"),
        ("[a]: http://b", f"[a]: {link('http://b')}"),
        (":smile: x:poop:y", f"{emoji('smile', '1f642')} x{emoji('poop', '1f4a9')}y"),
        (":thumbs_up:", emoji("thumbs_up", "1f44d")),
        (":no_such_emoji: at 10:30:45", ":no_such_emoji: at 10:30:45"),
        ("\U0001f44d\u2764\ufe0f", emoji("+1", "1f44d") + emoji("heart", "2764")),
        ("`:smile: \U0001f44d`", "<code>:smile: \U0001f44d</code>"),
        ("\U0001f9d1\U0001f3fd\u200d\U0001f6f4", "\U0001f9d1\U0001f3fd\u200d\U0001f6f4"),
        ("$$a < b$$", katex("a &lt; b")),
        (r"($$x = 5\$$$)", "(" + katex(r"x = 5\$") + ")"),
        ("$5 or $$ or $$_$$ or a$$b$$c", "$5 or $$ or $$_$$ or a$$b$$c"),
        ("`$$a$$`", "<code>$$a$$</code>"),
    ],
)
def test_inline(content: str, inner: str) -> None:
    assert html(content) == f"<p>{inner}</p>"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-03-07T15:00:00-08:00", "2024-03-07T23:00:00Z"),
        ("2024-03-07T23:00Z", "2024-03-07T23:00:00Z"),
        ("2024-03-07 23:00", "2024-03-07T23:00:00Z"),
        ("1496701800", "2017-06-05T22:30:00Z"),
    ],
)
def test_a_time_is_told_in_utc(written: str, moment: str) -> None:
    assert html(f"<time:{written}>") == f'<p><time datetime="{moment}">{written}</time></p>'


@pytest.mark.parametrize("written", ["noon", "", "0001-01-01T00:00+14:00", "0999-01-01", "999999999999"])
def test_what_is_no_time_stays_text(written: str) -> None:
    assert html(f"<time:{written}>") == f"<p>&lt;time:{written}&gt;</p>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ""),
        (" \n ", ""),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("# a\n###### b\n#c", "<h1>a</h1>\n<h6>b</h6>\n<p>#c</p>"),
        ("a\n---\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("a:\n* b\n* c", "<p>a:</p>\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>"),
        ("* a\n  * b", "<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
        ("* a\n\n* b", "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
        ("5. a\n6. b", '<ol start="5">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a\nb\n\nc", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>\n<p>c</p>"),
        ("~~~ quote\n*a*\n\nb\n~~~\nc", "<blockquote>\n<p><em>a</em></p>\n<p>b</p>\n</blockquote>\n<p>c</p>"),
        ("```quote\na", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("```\na <b>\n\n  c\n```", codehilite("a &lt;b&gt;\n\n  c\n")),
        ("    a\n    b", codehilite("a\nb\n")),
        ("```nobody-speaks-it\na\n```", codehilite("a\n", "nobody-speaks-it")),
        ('```"><b>\na\n```', codehilite("a\n", "&quot;&gt;&lt;b&gt;")),
        ("```ini\na = 1\n```", codehilite("a = 1\n", "ini")),
        ("```math\na^2\n```", f'<p><span class="katex-display">{DISPLAYED}</span></p>'),
        ("```spoiler *a*\nb\n```\nc", spoiler("<p><em>a</em></p>\n", "<p>b</p>\n") + "\n<p>c</p>"),
        ("```spoiler\n```", spoiler("", "")),
        (
            "- ```quote\n  a\n  ```\n- b",
            "<ul>\n<li>\n<blockquote>\n<p>a</p>\n</blockquote>\n</li>\n<li>b</li>\n</ul>",
        ),
        ("- ```quote\n  a\nb", "<ul>\n<li>\n<blockquote>\n<p>a</p>\n</blockquote>\n</li>\n</ul>\n<p>b</p>"),
    ],
)
def test_blocks(content: str, expected: str) -> None:
    assert html(content) == expected


def test_a_known_language_is_coloured_and_named_as_pygments_names_it() -> None:
    coloured = '<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>\n'
    assert html("```py\nx = 1\n```") == codehilite(coloured, "Python")


@pytest.mark.parametrize(
    ("content", "quoted", "after"),
    [
        ("```quote\na\n```\nb", "<p>a</p>", "<p>b</p>"),
        ("```quote\n```js\na\n```\nb\n```\nc", codehilite("a\n", "js") + "\n<p>b</p>", "<p>c</p>"),
        ("````quote\n```\na\n```\n````\nb", codehilite("a\n"), "<p>b</p>"),
        ("```quote\n````\na\n````\n```\nb", codehilite("a\n"), "<p>b</p>"),
        ("```quote\n~~~quote\na\n~~~\n```\nb", "<blockquote>\n<p>a</p>\n</blockquote>", "<p>b</p>"),
        ("```quote\n~~~\n```\n~~~\n```\nb", codehilite("```\n"), "<p>b</p>"),
    ],
)
def test_a_fenced_quote_holds_other_fences(
    content: str, quoted: str, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "_languages", dict)
    assert html(content) == f"<blockquote>\n{quoted}\n</blockquote>\n{after}"


def test_a_table_has_the_newlines_and_styles_that_clients_expect() -> None:
    assert html("a|b\n:-|-:\n1|2\n3") == (
        "<table>\n<thead>\n<tr>\n"
        '<th style="text-align: left;">a</th>\n<th style="text-align: right;">b</th>\n'
        "</tr>\n</thead>\n<tbody>\n<tr>\n"
        '<td style="text-align: left;">1</td>\n<td style="text-align: right;">2</td>\n</tr>\n<tr>\n'
        '<td style="text-align: left;">3</td>\n<td style="text-align: right;"></td>\n</tr>\n'
        "</tbody>\n</table>"
    )


def test_a_table_without_rows_has_a_body() -> None:
    assert html("a|b\n-|-").endswith("</thead>\n<tbody>\n</tbody>\n</table>")


@pytest.mark.parametrize(
    ("content", "inner"),
    [
        ("https://a.b/c_d?e=f&g#h", '<a href="https://a.b/c_d?e=f&amp;g#h">https://a.b/c_d?e=f&amp;g#h</a>'),
        ("(http://a.b/c_(d)).", f"({link('http://a.b/c_(d)')})."),
        ("http://a.b/(c_(d)_e)_f", link("http://a.b/(c_(d)_e)_f")),
        ("http://a.b/c*d and http://a.b/e*f", f"{link('http://a.b/c*d')} and {link('http://a.b/e*f')}"),
        (
            "**http://a.b**, ~~http://c~~",
            f"<strong>{link('http://a.b')}</strong>, <del>{link('http://c')}</del>",
        ),
        ("http://localhost:9991/?a!", link("http://localhost:9991/?a") + "!"),
        ("<http://a.b>", f"&lt;{link('http://a.b')}&gt;"),
        ("see www.a.com/b, ok?", f"see {link('http://www.a.com/b', 'www.a.com/b')}, ok?"),
        ("m\u00fcnchen.de:80/x", link("http://xn--mnchen-3ya.de:80/x", "m\u00fcnchen.de:80/x")),
        ("ann.b@c.co.uk.", link("mailto:ann.b@c.co.uk", "ann.b@c.co.uk") + "."),
        ("readme.md views.py love...it a.commandstuff() a@b.com/c", None),
        ("javascript://a.com irc://a.com xhttp://a.com http:// 1.2.3", None),
        ('[a](http://b "c")', '<a href="http://b" title="c">a</a>'),
        ("[*a* b.com](http://c)", '<a href="http://c"><em>a</em> b.com</a>'),
        ("[a](example.com)", link("http://example.com", "a")),
        ("[a](/user_uploads/1/b.png)", link("/user_uploads/1/b.png", "a")),
        ("[](http://a.b)", link("http://a.b")),
        ("![a](http://b)", "!" + link("http://b", "a")),
        (
            "[call](tel:+1415) [me](mailto:a@b.c)",
            link("tel:+1415", "call") + " " + link("mailto:a@b.c", "me"),
        ),
    ],
)
def test_links(content: str, inner: str | None) -> None:
    assert html(content) == f"<p>{inner or content}</p>"


@pytest.mark.parametrize(
    ("content", "inner", "mentioned"),
    [
        ("@**Ann Smith**", ANN, {7}),
        ("@**Ann Smith|7**, @**|7**", f"{ANN}, {ANN}", {7}),
        ("(@**Ann Smith**)", f"({ANN})", {7}),
        ("**@**Ann Smith** a**", f"<strong>{ANN} a</strong>", {7}),
        ("@**Bo <b>**", '<span class="user-mention" data-user-id="8">@Bo &lt;b&gt;</span>', {8}),
        ("@_**Ann Smith**", SILENT_ANN, set()),
        ("`@**Ann Smith**`", "<code>@**Ann Smith**</code>", set()),
        ("@**Ann Smith|8**", "@<strong>Ann Smith|8</strong>", set()),
        ("@**Twin** @**Nobody**", "@<strong>Twin</strong> @<strong>Nobody</strong>", set()),
        ("x@**Ann Smith**", "x@<strong>Ann Smith</strong>", set()),
    ],
)
def test_people(content: str, inner: str, mentioned: set[int]) -> None:
    assert render(content, TOWN) == Rendered(f"<p>{inner}</p>", frozenset(mentioned))


@pytest.mark.parametrize("name", ["all", "everyone", "channel", "stream"])
def test_the_channel_wildcards(name: str) -> None:
    span = f'<span class="user-mention channel-wildcard-mention" data-user-id="*">@{name}</span>'
    assert render(f"@**{name}**", TOWN) == Rendered(f"<p>{span}</p>", stream_wildcard=True)


def test_the_topic_wildcard() -> None:
    expected = '<p><span class="topic-mention">@topic</span></p>'
    assert render("@**topic**", TOWN) == Rendered(expected, topic_wildcard=True)


def test_silent_wildcards_are_not_counted() -> None:
    assert render("@_**all** @_**topic**", TOWN) == Rendered(
        '<p><span class="user-mention channel-wildcard-mention silent" data-user-id="*">all</span> '
        '<span class="topic-mention silent">topic</span></p>'
    )


DEVS = '<span class="user-group-mention" data-user-group-id="11">@the &lt;devs&gt;</span>'
SILENT_DEVS = '<span class="user-group-mention silent" data-user-group-id="11">the &lt;devs&gt;</span>'


@pytest.mark.parametrize(
    ("content", "inner", "mentioned"),
    [
        ("@*the <devs>*", DEVS, {11}),
        ("@*the <devs>*, (@*the <devs>*)", f"{DEVS}, ({DEVS})", {11}),
        ("@_*the <devs>*", SILENT_DEVS, set()),
        ("@_*the <devs>* @*the <devs>*", f"{SILENT_DEVS} {DEVS}", {11}),
        ("@*old*", '<span class="user-group-mention silent" data-user-group-id="12">old</span>', set()),
        ("`@*old*`", "<code>@*old*</code>", set()),
        ("@*none*", "@<em>none</em>", set()),
        ("@*Ann Smith*", "@<em>Ann Smith</em>", set()),
        ("@**the <devs>**", "@<strong>the &lt;devs&gt;</strong>", set()),
        ("x@*old*", "x@<em>old</em>", set()),
        ("@*old**", '<span class="user-group-mention silent" data-user-group-id="12">old</span>*', set()),
    ],
)
def test_groups(content: str, inner: str, mentioned: set[int]) -> None:
    assert render(content, TOWN) == Rendered(f"<p>{inner}</p>", mentioned_group_ids=frozenset(mentioned))


@pytest.mark.parametrize("quote", ["> {}", "```quote\n{}\n```"])
def test_groups_in_a_quote_are_silent(quote: str) -> None:
    rendered = render(quote.format("@*the <devs>*"), TOWN)
    assert SILENT_DEVS in rendered.html
    assert not rendered.mentioned_group_ids


@pytest.mark.parametrize(
    "quote",
    ["> {}", "```quote\n{}\n```", "- a\n\n  > - {}", "> ```spoiler {}\n> b\n> ```"],  # checklist 271
)
def test_mentions_in_a_quote_are_silent(quote: str) -> None:
    rendered = render(quote.format("@**Ann Smith**"), TOWN)
    assert SILENT_ANN in rendered.html
    assert not rendered.mentioned_user_ids


@pytest.mark.parametrize(
    "place", ["> a\n\n{}", "```spoiler\n{}\n```", "```spoiler {}\n```", "a|{}\n-|-", "[{}](http://a)"]
)
def test_mentions_elsewhere_are_heard(place: str) -> None:
    rendered = render(place.format("@**Ann Smith**"), TOWN)
    assert ANN in rendered.html
    assert rendered.mentioned_user_ids == {7}


@pytest.mark.parametrize(
    ("content", "classes", "href", "text"),
    [
        ("#**general**", 'class="stream" data-stream-id="5"', "5-general", "#general"),
        ("#**api design**", 'class="stream" data-stream-id="378"', "378-api-design", "#api design"),
        (
            "#**general>a.b c/\u00e9**",
            'class="stream-topic" data-stream-id="5"',
            "5-general/topic/a.2Eb.20c.2F.C3.A9",
            "#general &gt; a.b c/\u00e9",
        ),
        (
            "#**general>**",
            'class="stream-topic" data-stream-id="5"',
            "5-general/topic/",
            "#general &gt; <em>general chat</em>",
        ),
        (
            "#**general>lunch@123**",
            'class="message-link"',
            "5-general/topic/lunch/near/123",
            "#general &gt; lunch @ \U0001f4ac",
        ),
    ],
)
def test_channels(content: str, classes: str, href: str, text: str) -> None:
    assert html(content) == f'<p><a {classes} href="/#narrow/channel/{href}">{text}</a></p>'


def test_a_channel_that_the_writer_does_not_know_stays_text() -> None:
    assert html("#**secret>plans**") == "<p>#<strong>secret&gt;plans</strong></p>"


@pytest.mark.parametrize(
    ("content", "is_me"), [("/me waves", True), ("/me", False), ("/meow", False), (" /me waves", False)]
)
def test_me_messages(content: str, is_me: bool) -> None:
    assert is_me_message(content) == is_me
