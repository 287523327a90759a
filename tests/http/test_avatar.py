"""Faces of who has no picture."""

import re

import pytest

from tests.http.site import Site


def test_a_face_has_initials_and_a_colour(site: Site) -> None:
    faces = [site.add(name) for name in ("Ann Member", "Bob", "Zoë van der Berg", "& <Söhne")]
    texts = [site.browser().get(f"/avatar/{each.id}").text for each in faces]
    assert [re.findall(">([^<]*)</text>", text) for text in texts] == [["AM"], ["B"], ["ZB"], ["&amp;&lt;"]]
    assert len({re.findall("hsl[^)]*", text)[0] for text in texts}) == 4


@pytest.mark.parametrize("user_id", ["99", "0", "-1", "x", str(10**30)])
def test_who_is_not_there_has_no_face(site: Site, user_id: str) -> None:
    assert site.browser().get(f"/avatar/{user_id}").status == 404
