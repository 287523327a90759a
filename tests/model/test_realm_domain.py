"""Where addresses may end."""

import pytest

from appliance.base.errors import ApiError
from appliance.model import realm_domain
from appliance.model.realm_domain import DISPOSABLE, Domain

ALLOWED = [Domain("example.org", allow_subdomains=False), Domain("example.net", allow_subdomains=True)]
OUTSIDE, PLUS = "Outside your domain.", "Addresses with + are not taken."
DISPOSED = "Mailboxes for a day are not taken."


@pytest.mark.parametrize("domain", ["example.org", " EXAMPLE.Org ", "a-b.example.co.uk", "xn--mnchen-3ya.de"])
def test_a_domain(domain: str) -> None:
    assert realm_domain.check(domain) == domain.strip().lower()


@pytest.mark.parametrize(
    ("domain", "error"),
    [
        ("", "it is empty."),
        ("localhost", "there is no dot in it."),
        ("-a.org", "domains do not look like this."),
        ("a..org", "domains do not look like this."),
        ("example.org.", "domains do not look like this."),
        ("a@b.org", "domains do not look like this."),
        ("127.0.0.1", "domains do not look like this."),
        (f"{'a.' * 130}org", "domains do not look like this."),
    ],
)
def test_no_domain(domain: str, error: str) -> None:
    with pytest.raises(ApiError) as raised:
        realm_domain.check(domain)
    assert raised.value.msg == f"Invalid domain: {error}"


@pytest.mark.parametrize(
    ("address", "restricted", "disposable", "objection"),
    [
        ("ann@example.org", True, False, None),
        ("Ann@EXAMPLE.ORG", True, False, None),
        ("ann@mail.example.org", True, False, OUTSIDE),
        ("ann@mail.example.net", True, False, None),
        ("ann@badexample.net", True, False, OUTSIDE),
        ("ann@example.org.evil.com", True, False, OUTSIDE),
        ("ann+1@example.org", True, False, PLUS),
        ("ann+1@example.org", False, False, None),
        ("ann@elsewhere.com", False, False, None),
        ("ann@mailinator.com", False, False, DISPOSED),
        ("ann@MAILINATOR.com", False, False, DISPOSED),
        ("ann@mailinator.com", False, True, None),
        ("ann@mailinator.com", True, True, OUTSIDE),
    ],
)
def test_who_is_welcome(address: str, restricted: bool, disposable: bool, objection: str | None) -> None:
    allowed = ALLOWED if restricted else None
    assert realm_domain.objection(address, allowed, disposable=disposable) == objection


def test_all_that_are_disposable_are_domains() -> None:
    assert {realm_domain.check(each) for each in DISPOSABLE} == DISPOSABLE
