"""The page that shows that a new address is one's own."""

from appliance.actions.user import own_account
from appliance.actions.user.own_account import Wish
from appliance.model.user import User
from tests.http.site import Site


def path_of(site: Site, user: User, email: str) -> str:
    """That of the link in the mail."""
    own_account.change(site.store, user, Wish(email=email), "")
    with site.store.read() as reader:
        body = reader.value("SELECT body FROM job ORDER BY id DESC LIMIT 1").decode()
    return "/confirm-email/" + str(body.split("/confirm-email/")[1].split('"')[0])


def test_looking_changes_nothing_and_the_button_does(site: Site, ann: User) -> None:
    browser, path = site.browser(), path_of(site, ann, "anna@new.test")
    page = browser.get(path)
    assert (page.status, page.title) == (200, "Is this your address?")
    assert "anna@new.test" in page.text
    assert site.signed_in(ann).get("/").status == 200
    confirmed = browser.post(path)
    assert (confirmed.status, confirmed.title) == (200, "Confirmed")
    assert browser.sign_in("anna@new.test", "correct horse battery").goes_home


def test_a_link_is_good_once(site: Site, ann: User) -> None:
    browser, path = site.browser(), path_of(site, ann, "anna@new.test")
    browser.post(path)
    for again in (browser.get(path), browser.post(path), browser.get("/confirm-email/nonsense")):
        assert again.status == 410
        assert "This link was used already" in again.text
