"""What axe-core says of a page: faults of accessibility that a program can see."""

import os
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

TOOLS = Path(os.environ.get("PAGE_TOOLS", Path.home() / ".cache" / "appliance" / "npm"))
SOURCE = TOOLS / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async ([tags, exceptions]) => {
  const isAllowed = (id, {target}) => exceptions.some(([rule, parent]) =>
    rule === id && document.querySelector(target[0])?.closest(parent));
  const why = ({any, all, none}) => [...any, ...all, ...none].map(({message}) => message).join("; ");
  const told = (id, node) => `${id} at ${node.target.join(" ")}: ${why(node)}\n    ${node.html}`;
  const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ["violations"], preload: false});
  return violations.flatMap(({id, nodes}) =>
    nodes.filter((each) => !isAllowed(id, each)).map((each) => told(id, each)));
}
"""
END = """
document.getAnimations().forEach((each) =>
  each.effect.getComputedTiming().endTime === Infinity ? each.cancel() : each.finish())
"""
# Links in the text of a message have its size. What opens beside a button is heard from there.
EXCEPTIONS = (("target-size", ".rendered_markdown"), ("region", "[popover]"))


@cache
def source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """Of what is seen now; none where axe-core is not installed (.ci/run does it).

    Movements are at their end first: half a fade has half the contrast.
    """
    if not SOURCE.exists():
        return []
    page.evaluate(END)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(source())
    found: list[str] = page.evaluate(RUN, [TAGS, EXCEPTIONS])
    return found
