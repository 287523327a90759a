/** A line of settings: what something is, how it is now, and what can be done. */

import { h } from "../base/dom.js";

/** @param {string} name @param {string | Node} now @param {...(HTMLElement | false)} deeds */
export const line = (name, now, ...deeds) => h("div", { class: "settings-line" }, h("div", null, h("div", { class: "settings-name" }, name), h("small", null, now)), ...deeds);
