/** What the sections of the console are made of. */

import { h } from "../base/dom.js";

/** @typedef {import("../base/dom.js").Child} Child */

/** @param {string} title @param {...Child} children @returns {HTMLElement} */
export function panel(title, ...children) {
  const id = `panel-${++count}`;
  return h("section", { class: "panel", "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** Names and what they are. @param {[string, Child | Child[]][]} pairs */
export const facts = (pairs) => h("dl", { class: "facts" }, pairs.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));

/** How something does, in colour and words. @param {"ok" | "warning" | "error" | "off"} level @param {string} text */
export const mark = (level, text) => h("span", { class: ["mark", level] }, text);

let count = 0;
