"""What is shown of what messages link to, and what is known of a message by its links."""

import pytest

from appliance.model.markdown import Card, Rendered, render
from appliance.model.markdown.preview import MOST
from tests.model.city import CITY, PAGE, City
from tests.model.test_markdown import TOWN, link


def image(url: str, title: str = "", shown: str = "") -> str:
    titled = f' title="{title}"' if title else ""
    source = shown or f'src="{url}"'
    return f'<div class="message_inline_image"><a href="{url}"{titled}><img {source}></a></div>'


PICTURE = "http://a.b/c.png"
OURS = "/user_uploads/1/2/3/c.png"
SMALL = (
    'data-original-content-type="image/png" data-original-dimensions="300x200"'
    ' src="/user_uploads/thumbnail/1/2/3/c.png/840x560.webp"'
)
MOVING = (
    'data-animated="true" data-original-content-type="image/gif" data-original-dimensions="300x200"'
    ' src="/user_uploads/thumbnail/1/2/3/d.gif/840x560-anim.webp"'
)
WHOLE = (
    'data-original-content-type="image/png" data-original-dimensions="30x20" src="/user_uploads/1/2/3/e.png"'
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PICTURE, image(PICTURE)),
        (f"a {PICTURE}", f"<p>a {link(PICTURE)}</p>\n{image(PICTURE)}"),
        (f"[a<b]({PICTURE})", f"<p>{link(PICTURE, 'a&lt;b')}</p>\n{image(PICTURE, 'a&lt;b')}"),
        (f"[]({PICTURE})", image(PICTURE)),
        (f"{PICTURE}\n\nb", f"{image(PICTURE)}\n<p>b</p>"),
        ("http://A.B/C.PNG?x=y#z", image("http://A.B/C.PNG?x=y#z")),
        (
            f"x {PICTURE} http://a.b/d.gif\n\ny",
            f"<p>x {link(PICTURE)} {link('http://a.b/d.gif')}</p>\n"
            f"{image(PICTURE)}{image('http://a.b/d.gif')}\n<p>y</p>",
        ),
        (f"- {PICTURE}\n- b", f"<ul>\n<li>\n{image(PICTURE)}\n</li>\n<li>b</li>\n</ul>"),
        (f"- a {PICTURE}", f"<ul>\n<li>a {link(PICTURE)}{image(PICTURE)}\n</li>\n</ul>"),
        (f"# {PICTURE}", f"<h1>{link(PICTURE)}</h1>\n{image(PICTURE)}"),
        (f"[x]({OURS})", f"<p>{link(OURS, 'x')}</p>\n{image(OURS, 'x', SMALL)}"),
        ("[](/user_uploads/1/2/3/d.gif)", image("/user_uploads/1/2/3/d.gif", shown=MOVING)),
        ("[](/user_uploads/1/2/3/e.png)", image("/user_uploads/1/2/3/e.png", shown=WHOLE)),
        ("[](/user_uploads/1/2/3/f.png)", image("/user_uploads/1/2/3/f.png")),
    ],
)  # fmt: skip
def test_pictures(content: str, expected: str) -> None:
    rendered = render(content, CITY)
    assert rendered.html == expected
    assert (rendered.has_image, rendered.has_link) == (True, True)


def test_a_picture_in_a_table_stands_below_it() -> None:
    html = render(f"a|b\n-|-\n{PICTURE}|c\n\nz", CITY).html
    assert html.endswith(f"</table>\n{image(PICTURE)}\n<p>z</p>")


def test_a_picture_in_a_spoiler_is_hidden_with_it() -> None:
    html = render(f"```spoiler x\n{PICTURE}\n```", CITY).html
    assert html.endswith(f'<div class="spoiler-content" aria-hidden="true">\n{image(PICTURE)}\n</div></div>')


def test_a_picture_that_is_linked_to_twice_is_shown_once() -> None:
    assert render(f"a {PICTURE}\n\nb {PICTURE}", CITY).html.count("message_inline_image") == 1


@pytest.mark.parametrize(
    "content", [f"> {PICTURE}", f"```quote\n{PICTURE}\n```", f"`{PICTURE}`", "mailto:a@b.png"]
)
def test_what_is_quoted_or_no_link_to_a_picture_is_not_shown(content: str) -> None:
    rendered = render(content, CITY)
    assert "message_inline_image" not in rendered.html
    assert not rendered.has_image


def test_nothing_is_shown_where_the_organization_wants_no_pictures() -> None:
    for url in (PICTURE, "http://a.b/c.mp4", "https://youtu.be/x"):
        assert render(url, TOWN) == Rendered(f"<p>{link(url)}</p>", has_link=True)


def test_a_film() -> None:
    url = "/user_uploads/1/2/3/a.webm"
    assert render(f"[x]({url})", CITY).html == (
        f'<p>{link(url, "x")}</p>\n<div class="message_inline_image message_inline_video">'
        f'<a href="{url}" title="x"><video preload="metadata" src="{url}"></video></a></div>'
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=a-B_1",
        "https://youtube.com/watch?t=1&v=a-B_1",
        "http://m.youtube.com/shorts/a-B_1",
        "https://www.youtube-nocookie.com/embed/a-B_1?x",
        "https://youtu.be/a-B_1?t=3",
    ],
)
def test_a_video_of_youtube(url: str) -> None:
    href = url.replace("&", "&amp;")
    assert render(url, CITY).html == (
        f'<p>{link(href)}</p>\n<div class="youtube-video message_inline_image">'
        f'<a data-id="a-B_1" href="{href}"><img src="https://i.ytimg.com/vi/a-B_1/mqdefault.jpg"></a></div>'
    )


@pytest.mark.parametrize(
    "url", ["https://youtu.be/", "https://youtube.com/watch?v=a%22b", "https://youtube.com/x"]
)
def test_a_page_of_youtube_that_is_no_video(url: str) -> None:
    assert "ytimg" not in render(url, CITY).html


# -- cards


def test_a_card_stands_at_the_end() -> None:
    assert render(f"a {PAGE}x\n\nb", CITY).html == (
        f'<p>a {link(f"{PAGE}x")}</p>\n<p>b</p>\n<div class="message_embed">'
        f'<a class="message_embed_image" href="{PAGE}x"'
        ' style="background-image: url(&quot;https://img.test/a%22b.png&quot;)"></a>'
        '<div class="data-container"><div class="message_embed_title">'
        f'<a href="{PAGE}x" title="A &lt;page&gt;">A &lt;page&gt;</a></div>'
        '<div class="message_embed_description">About "it"</div></div></div>'
    )


@pytest.mark.parametrize(
    ("kind", "classes"),
    [("photo", "message_inline_image"), ("video", "embed-video message_inline_image")],
)
def test_a_card_of_what_is_embedded(kind: str, classes: str) -> None:
    class Site(City):
        def card(self, url: str) -> Card:
            return Card(kind, "A & b", "", "https://img.test/a.png")

    assert render("http://a.b", Site()).html == (
        f'<p>{link("http://a.b")}</p>\n<div class="{classes}"><a href="http://a.b" title="A &amp; b">'
        '<img src="https://img.test/a.png"></a></div>'
    )


def test_a_page_without_a_picture_has_no_card() -> None:
    class Site(City):
        def card(self, url: str) -> Card:
            return Card("page", "A title")

    assert render("http://a.b", Site()).html == f"<p>{link('http://a.b')}</p>"


def test_which_pages_are_asked() -> None:
    content = (
        "http://a.b http://a.b https://c.d/e?f [x](mailto:a@b.c) [y](/z) ftp://a.b"
        f" {PICTURE} https://youtu.be/x\n> http://quoted.com"
    )
    assert render(content, CITY).preview_urls == ("http://a.b", "https://c.d/e?f")


def test_too_many_links_have_no_previews() -> None:
    enough = " ".join(f"http://a.b/{number}.png http://page.b/{number}" for number in range(MOST // 2))
    html = render(enough, CITY).html
    assert html.count("message_inline_image") == html.count('class="message_embed"') == MOST // 2
    rendered = render(f"{enough} {PICTURE}", CITY)
    assert "<div" not in rendered.html
    assert (rendered.preview_urls, rendered.has_image) == ((), False)


# -- what is known of a message


@pytest.mark.parametrize(
    "content", ["http://a.b", "a.com", "ann@b.com", "[a](/b)", "> http://a.b", "[a](http://b)", "#7"]
)
def test_it_has_a_link(content: str) -> None:
    assert render(content, CITY).has_link


@pytest.mark.parametrize("content", ["hello", "*a* b", "`http://a.b`", "@**Ann Smith** #**general**", "[a]"])
def test_it_has_none(content: str) -> None:
    rendered = render(content, CITY)
    assert (rendered.has_link, rendered.has_image, rendered.upload_paths) == (False, False, frozenset())


def test_the_files_that_it_links_to() -> None:
    content = (
        f"[x]({OURS}) [y](https://chat.test/user_uploads/1/a/b/c%20d.pdf?e#f)"
        " [z](/user_uploads/1/a/b/e.txt)\n"
        "> [q](/user_uploads/1/a/b/q.txt)\n\n`/user_uploads/1/a/b/code.txt`"
        " [t](/user_uploads/thumbnail/1/2/3/c.png/840x560.webp)"
    )
    expected = {"1/2/3/c.png", "1/a/b/c d.pdf", "1/a/b/e.txt", "1/a/b/q.txt"}
    assert render(content, CITY).upload_paths == expected
