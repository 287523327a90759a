/** Blocks of code: what language they are in, and a button that copies them. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { copy } from "../parts/clipboard.js";

/** @param {HTMLElement} block */
export function codeBlock(block) {
  const language = block.dataset.codeLanguage;
  const button = h("button", { class: "icon-button code-copy", type: "button", "aria-label": "Copy the code", title: "Copy the code" }, icon("copy"));
  button.addEventListener("click", () => copy(block.querySelector("code").textContent));
  const code = block.querySelector("pre");
  code.tabIndex = 0; // long lines are scrolled by the keyboard, too
  code.dir = "ltr";
  block.append(h("div", { class: "code-tools" }, language && h("span", { class: "code-language" }, language), button));
}
