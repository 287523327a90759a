/** Spoilers: a heading, and what is shown when it is pressed. */

import { h } from "../base/dom.js";

let count = 0;

/** @param {HTMLElement} block */
export function spoiler(block) {
  const [header, content] = /** @type {HTMLElement[]} */ ([...block.children]);
  const label = h("span", { class: "spoiler-label", dir: "auto" }, ...(header.textContent.trim() ? header.childNodes : ["Spoiler"]));
  const button = h("button", { type: "button", class: "spoiler-button", "aria-expanded": "false" }, label);
  content.id = `spoiler-${++count}`;
  button.setAttribute("aria-controls", content.id);
  button.addEventListener("click", () => open(button, content, !!content.hidden));
  header.replaceChildren(button);
  content.removeAttribute("aria-hidden");
  content.hidden = true;
}

/** @param {HTMLElement} button @param {HTMLElement} content @param {boolean} shown */
function open(button, content, shown) {
  content.hidden = !shown;
  button.setAttribute("aria-expanded", String(shown));
}
