/** Style sheets that are wanted seldom. */

import { h } from "./dom.js";

const asked = /** @type {Map<string, Promise<void>>} */ (new Map());

/** Resolves when `style/NAME.css` is in force. @param {string} name @returns {Promise<void>} */
export function style(name) {
  const href = new URL(`../style/${name}.css`, import.meta.url).href;
  if (!asked.has(name)) asked.set(name, new Promise((resolve) => document.head.append(h("link", { rel: "stylesheet", href, onload: resolve, onerror: resolve }))));
  return asked.get(name);
}
