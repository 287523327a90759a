/** The columns at the sides on a narrow screen: drawers that slide over the rest, one at a time. */

import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";

/** @typedef {"sidebar" | "people"} Drawer */

const frame = () => document.getElementById("app");
let back = /** @type {HTMLElement | null} */ (null); // where the keyboard was

/** Listen from now on. */
export function listen() {
  frame().append(h("div", { class: "drawer-shade", onclick: close }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !isOpen() || document.querySelector(":popover-open, dialog[open]")) return;
    event.preventDefault();
    close();
  });
  watch(["place"], close);
}

export const isOpen = () => frame().dataset.drawer !== undefined;

/** @param {Drawer} name */
export function toggle(name) {
  if (frame().dataset.drawer === name) return close();
  back = /** @type {HTMLElement} */ (document.activeElement);
  frame().dataset.drawer = name;
  const column = document.getElementById(name);
  column.tabIndex = -1;
  column.focus();
}

export function close() {
  if (!isOpen()) return;
  const held = document.getElementById(frame().dataset.drawer).contains(document.activeElement);
  delete frame().dataset.drawer;
  if (held) back?.focus();
}
