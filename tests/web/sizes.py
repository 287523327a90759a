"""What is too wide for the screen, too small for a finger, or cut off."""

from playwright.sync_api import Page

FINGER = 36  # pixels, as of 2.25rem
PRESSED = "button, select, [role=button], input:not([type=checkbox], [type=radio]), textarea, nav a"
SHOWN = f"{PRESSED}, a, h1, h2, h3, p, table, pre, img"
# Code, tables and rows of tabs scroll by themselves.
MAY_SCROLL = "pre, .rendered_markdown, .heading-people, #sections, .tabs, .settings-wide, .table"
# Names beside pictures that do the same, and eleven kinds of emoji in a row.
MAY_BE_SMALL = ".rendered_markdown, .message-head, .emoji-kinds"

FIND = """
const style = (each) => getComputedStyle(each);
const isSeen = (each) => !each.closest(".unseen, .skip") && each.checkVisibility(
  {visibilityProperty: true, contentVisibilityAuto: true, opacityProperty: true});
const find = (selector, is) => [...document.querySelectorAll(selector)].filter((each) => {
  const {width, height} = each.getBoundingClientRect();
  return width > 1 && height > 1 && is(each, each.getBoundingClientRect()) && isSeen(each);
}).map((each) => {
  const {width, height} = each.getBoundingClientRect();
  return `${Math.round(width)} × ${Math.round(height)}: ${each.outerHTML.slice(0, 150)}`;
});
"""
TOO_WIDE = """
const clips = (each) => each && (style(each).overflowX !== "visible" || clips(each.parentElement));
const page = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
return [
  ...page,
  ...find(shown, (each, box) => (box.right > innerWidth + 1 || box.left < -1) && !clips(each.parentElement)),
  ...find("*", (each) => ["auto", "scroll"].includes(style(each).overflowX)
    && each.scrollWidth > each.clientWidth + 1 && !each.closest(mayScroll)),
];
"""
TOO_SMALL = """
return find(pressed, (each, {width, height}) => Math.min(width, height) < finger - 0.5
  && !each.closest(mayBeSmall));
"""
CUT_OFF = """
return find("button, label, h1, h2, h3, .tag, .count", (each) => each.clientHeight > 0
  && each.scrollHeight > each.clientHeight + 2 && style(each).overflowY !== "visible");
"""


def too_wide(page: Page) -> list[str]:
    """For what one must scroll sideways, or cannot."""
    return _found(page, TOO_WIDE)


def too_small(page: Page) -> list[str]:
    """What one presses, and cannot with a finger."""
    return _found(page, TOO_SMALL)


def cut_off(page: Page) -> list[str]:
    """What is higher than its box."""
    return _found(page, CUT_OFF)


def _found(page: Page, search: str) -> list[str]:
    """The sizes and beginnings of elements."""
    named = {
        "pressed": PRESSED,
        "shown": SHOWN,
        "mayScroll": MAY_SCROLL,
        "mayBeSmall": MAY_BE_SMALL,
        "finger": FINGER,
    }
    found: list[str] = page.evaluate(f"({{{', '.join(named)}}}) => {{ {FIND} {search} }}", named)
    return found
