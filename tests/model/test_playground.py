"""Sites where code can be tried."""

import pytest

from appliance.base.errors import ApiError
from appliance.model import playground
from appliance.model.playground import Playground

TEMPLATE = "https://play.example.org/?code={code}"


def test_a_playground_is_kept_without_blanks_around() -> None:
    made = playground.checked(" Try it ", " C++ ", TEMPLATE)
    assert made == Playground(0, "Try it", "C++", TEMPLATE)
    assert playground.public(made) == {
        "id": 0,
        "name": "Try it",
        "pygments_language": "C++",
        "url_template": TEMPLATE,
    }


@pytest.mark.parametrize(
    ("name", "language", "url_template", "error"),
    [
        ("", "C", TEMPLATE, "name must have 1 to 40 characters"),
        ("a" * 41, "C", TEMPLATE, "name must have 1 to 40 characters"),
        ("a", "", TEMPLATE, "Invalid characters in pygments language"),
        ("a", "C" * 41, TEMPLATE, "Invalid characters in pygments language"),
        ("a", "<b>", TEMPLATE, "Invalid characters in pygments language"),
        ("a", "C", "ftp://x/{code}", "Invalid URL template."),
        ("a", "C", "https://x/", 'the URL template needs the variable "code", and takes no other'),
        ("a", "C", "https://x/{a}", 'the URL template needs the variable "code", and takes no other'),
        ("a", "C", "https://x/{code}{a}", 'the URL template needs the variable "code", and takes no other'),
    ],
)
def test_what_is_no_playground(name: str, language: str, url_template: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        playground.checked(name, language, url_template)
    assert raised.value.msg == error
