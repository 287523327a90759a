"""The console of administrators, beside a server in which things go wrong."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from appliance.base.clock import SystemClock
from appliance.http import static
from appliance.outside.outbox import FOLDER, Outbox
from appliance.store import job as job_table
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.web.window import DEADLINE, DESKTOP, PHONE, Site, Window

SECTIONS = ("overview", "clients", "jobs", "dead", "mails", "pushes", "disk", "log")
NOBODYS = "errands"  # a queue that no worker works
HTML = "<p>Open <b>the link</b></p><script>document.body.textContent = 'run'</script>"

Console = Callable[..., Window]


@pytest.fixture
def console(chromium: Browser, site: Site) -> Iterator[Console]:
    """`console("jobs", size=PHONE)`: a section, for the owner unless another name is given."""
    opened: list[Window] = []

    def open_it(section: str = "", name: str = "iago", size: tuple[int, int] = DESKTOP) -> Window:
        window = Window(chromium, site, name, size)
        opened.append(window)
        window.page.goto(f"{site.server.url}/admin#{section}")
        window.page.wait_for_selector(":root[data-ready]")
        return window

    yield open_it
    troubles = [trouble for window in opened for trouble in window.troubles]
    for window in opened:
        window.close()
    assert troubles == []


@pytest.fixture
def store(site: Site) -> Iterator[Store]:
    """The server's, as a command opens it."""
    opened = Store(site.server.data, SystemClock(), served=True)
    yield opened
    opened.close()


@pytest.fixture
def bury(store: Store) -> Callable[..., int]:
    """Makes a dead letter; its id."""

    def one(queue: str = NOBODYS, **event: Any) -> int:
        def write(transaction: Transaction) -> int:
            job_id = transaction.job(queue, event)
            assert job_id is not None
            job_table.bury(transaction, job_id, 4, "the server says no\nwith a second line")
            return job_id

        return store.write(write)

    return one


def send(site: Site, to: str, subject: str, **headers: str) -> None:
    message = EmailMessage()
    message["Message-ID"] = f"<{abs(hash(subject))}@chat.test>"
    message["To"], message["Subject"] = to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("https://chat.test/login/1234\n")
    message.add_alternative(HTML, subtype="html")
    Outbox(site.server.data / FOLDER).send(message)


def row(page: Page, text: str) -> Any:
    return page.get_by_role("row").filter(has_text=text)


# Getting there


def test_it_is_for_administrators(chromium: Browser, site: Site) -> None:
    window = Window(chromium, site, "hamlet")
    answer = window.page.goto(f"{site.server.url}/admin")
    assert answer is not None
    assert answer.status in (400, 403)
    expect(window.page.get_by_role("heading", name="Admin console")).to_have_count(0)
    window.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_every_section_opens_and_fits(console: Console, size: tuple[int, int]) -> None:
    page = console(size=size).page
    for section in SECTIONS:
        page.locator(f"nav a[href='#{section}']").click()
        expect(page.locator("nav [aria-current=page]")).to_have_attribute("href", f"#{section}")
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], section


def test_it_is_walked_through_by_keyboard(console: Console) -> None:
    page = console().page
    page.get_by_role("link", name="Clients").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Connected clients")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Jobs")).to_be_focused()


# Overview


def test_health_at_a_glance(console: Console) -> None:
    page = console().page
    expect(page.get_by_text("mail.host is not set")).to_be_visible()
    expect(page.get_by_text("every message is on disk")).to_be_hidden()
    page.get_by_text("checks are fine").click()
    expect(page.get_by_text("every message is on disk")).to_be_visible()


def test_figures_move_by_themselves(console: Console, site: Site) -> None:
    page = console().page
    memory = page.get_by_role("figure").filter(has_text="Memory").locator("path.line")
    expect(memory).to_have_attribute("d", "M0.0,2.0")  # one place so far
    clients = page.get_by_text("of which 0 wait for events")
    before = int(clients.inner_text().split(",")[0])
    site.person("cordelia").ask("POST", "/register")
    expect(page.get_by_text(f"{before + 1}, of which 0 wait for events")).to_be_visible(timeout=DEADLINE)
    assert "L" in str(memory.get_attribute("d"))


# Clients and jobs


def test_a_new_client_appears(console: Console, site: Site) -> None:
    page = console("clients").page
    expect(page.get_by_text("event queue")).to_be_visible()
    site.person("othello").ask("POST", "/register", client="ZulipTerminal <b>")
    expect(row(page, "ZulipTerminal <b>")).to_contain_text("othello", timeout=DEADLINE)


def test_a_queue_leads_to_its_dead_letters(console: Console, bury: Callable[..., int]) -> None:
    bury("leading")
    page = console("jobs").page
    expect(row(page, "email_senders")).to_contain_text("Fine")
    row(page, "leading").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Dead letters of leading")).to_be_visible()


# Dead letters


def test_looking_at_one_shows_no_text_of_people(console: Console, bury: Callable[..., int]) -> None:
    job_id = bury("looking", user_profile_id=7, content="zqsecret")
    page = console("dead/looking").page
    page.get_by_role("button", name=f"Look at job {job_id}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("with a second line")
    expect(dialog).to_contain_text('"content": "… (8 characters)"')
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_trying_one_again(console: Console, bury: Callable[..., int]) -> None:
    job_id = bury("again")
    page = console("dead/again").page
    page.get_by_role("button", name=f"Try again: job {job_id}").click()
    expect(page.get_by_text("1 job is tried again.")).to_be_visible()
    expect(page.get_by_text("There is no dead letter of again.")).to_be_visible()


def test_dropping_one_asks_first(console: Console, bury: Callable[..., int]) -> None:
    job_id = bury("dropping")
    page = console("dead/dropping").page
    drop = page.get_by_role("button", name=f"Drop… job {job_id}")
    drop.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(drop).to_be_visible()
    drop.click()
    page.get_by_role("dialog").get_by_role("button", name="Drop").click()
    expect(page.get_by_text("1 job dropped.")).to_be_visible()
    expect(drop).to_have_count(0)


def test_all_of_a_queue(console: Console, bury: Callable[..., int]) -> None:
    kept = bury("kept")
    for _ in range(60):
        bury("many")
    page = console("dead/many").page
    expect(page.get_by_role("button", name="Look")).to_have_count(50)
    page.get_by_role("button", name="Older").click()
    expect(page.get_by_role("button", name="Look")).to_have_count(10)
    page.get_by_role("button", name="Try all again").click()
    expect(page.get_by_text("60 jobs are tried again.")).to_be_visible()
    page.get_by_role("link", name="All queues").click()
    expect(page.get_by_role("button", name=f"Look at job {kept}")).to_be_visible()


def test_dead_letters_are_counted_in_the_list_of_sections(console: Console, bury: Callable[..., int]) -> None:
    bury()
    link = console().page.get_by_role("link", name="Dead letters")
    expect(link.locator(".count")).to_be_visible(timeout=DEADLINE)


# Mails


def test_a_mail_as_text_and_as_it_looks(console: Console, site: Site) -> None:
    send(site, "new@example.org", "Your login link")
    window = console("mails")
    page = window.page
    page.get_by_role("button", name="Read the mail to new@example.org: Your login link").click()
    dialog = page.get_by_role("dialog", name="Your login link")
    expect(dialog.get_by_text("https://chat.test/login/1234")).to_be_visible()
    dialog.get_by_role("button", name="As it looks").click()
    frame = page.frame_locator("iframe.letter")
    expect(frame.get_by_text("the link")).to_be_visible()
    expect(dialog.get_by_role("button", name="Text")).to_have_attribute("aria-pressed", "false")
    assert all("Blocked script execution" in trouble for trouble in window.troubles)
    window.troubles.clear()


def test_what_somebody_missed_cannot_be_read(console: Console, site: Site) -> None:
    send(site, "hamlet@chat.test", "#secret > plans", List_Unsubscribe="<https://chat.test/u>")
    page = console("mails").page
    expect(row(page, "hamlet@chat.test")).to_contain_text("only for whom it is")
    expect(row(page, "hamlet@chat.test").get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("secret")).to_have_count(0)


# Disk and log


def test_the_disk(console: Console, site: Site) -> None:
    page = console("disk").page
    expect(page.get_by_text("The data folder takes")).to_be_visible()
    expect(page.get_by_text("There are no backups in this data folder")).to_be_visible()
    page.get_by_role("button", name="Measure the tables").click()
    expect(row(page, "user_message")).to_contain_text("kB")


def test_warnings_of_the_log(console: Console) -> None:
    page = console("log").page
    expect(page.get_by_text("phone apps get no pushes")).to_be_visible()
    expect(page.get_by_text("No request took longer than a second")).to_be_visible()


def test_roads_of_pushes(console: Console) -> None:
    page = console("pushes").page
    expect(row(page, "Apple")).to_contain_text("Off")
    expect(row(page, "Browsers")).to_contain_text("On")


# Live, and honest about it


def test_nothing_is_asked_while_nobody_looks(console: Console) -> None:
    page = console().page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    _show(page, hidden=True)
    page.clock.run_for(60_000)
    assert asked == []
    with page.expect_response("**/appliance/admin/overview"):
        _show(page, hidden=False)


def _show(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_a_server_that_dies_and_comes_back(console: Console, site: Site) -> None:
    window = console()
    page = window.page
    expect(page.get_by_text("Running for")).to_be_visible()
    site.server.kill()
    expect(page.get_by_text("The server does not answer.")).to_be_visible(timeout=DEADLINE)
    site.server.start()
    expect(page.get_by_text("The server does not answer.")).to_be_hidden(timeout=DEADLINE)
    assert all("ERR_" in trouble for trouble in window.troubles)
    window.troubles.clear()


def test_a_session_that_was_ended_leads_to_signing_in(console: Console, site: Site) -> None:
    window = console()
    window.context.clear_cookies()
    window.page.wait_for_url("**/login?next=/admin")
    window.troubles.clear()  # the refusals


# Figures and lines


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("span(0.04)", "40 ms"),
        ("span(59.9)", "59 s"),
        ("span(61)", "1 min 1 s"),
        ("span(3600)", "1 h"),
        ("span(90061)", "1 d 1 h"),
        ("span(12 * 86400 + 3600)", "12 d"),
        ("size(0)", "0 bytes"),
        ("size(999)", "999 bytes"),
        ("size(1000)", "1 kB"),
        ("size(1234567)", "1.23 MB"),
        ("size(2e15)", "2,000 TB"),
        ("rate(0)", "0/s"),
        ("rate(0.0001)", "<0.01/s"),
        ("rate(12.34)", "12.3/s"),
        ("percent(0.1234)", "12.3 %"),
        ("several(1, 'job')", "1 job"),
        ("several(0, 'job')", "0 jobs"),
        ("counted(1000, 1000)", "1,000+"),
    ],
)
def test_figures_for_people(units: Window, asked: str, shown: str) -> None:
    assert units.ask("admin/units.js", f"it.{asked}") == shown


@pytest.fixture(scope="module")
def units(chromium: Browser, site: Site) -> Iterator[Window]:
    """A console that only its modules are asked of."""
    window = Window(chromium, site, "iago")
    window.page.goto(f"{site.server.url}/admin")
    yield window
    window.close()


def test_a_line_has_a_gap_where_the_server_was_restarted(units: Window) -> None:
    points = [{"time": time, "value": value} for time, value in enumerate([0, 4, None, 2, 4])]
    drawn = units.page.evaluate(
        """async ([address, points]) => {
            const { chart } = await import(address);
            const made = chart("Things", String);
            made.draw(points);
            return [made.element.querySelector(".line").getAttribute("d"), made.element.textContent];
        }""",
        [static.address("admin/chart.js"), points],
    )
    assert drawn == ["M0.0,58.0L75.0,2.0M225.0,30.0L300.0,2.0", "Things4at most 4 in 1 min"]
