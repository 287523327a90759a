/** The column at the right. Where there is no room for it, it is a drawer, and is filled when it is opened. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { failed } from "../parts/toast.js";
import * as drawer from "./drawer.js";

const wide = matchMedia("(width > 70rem)"); // as in layout.css
let column = /** @type {HTMLElement} */ (null);
let filled = /** @type {Promise<typeof import("./people.js")> | null} */ (null);

/** @param {HTMLElement} root */
export function mount(root) {
  column = root;
  const fillWide = () => wide.matches && people().catch(failed);
  wide.addEventListener("change", fillWide);
  fillWide();
}

/** The button that opens it. */
export function peopleButton() {
  return h("button", { type: "button", class: "icon-button only-middle", "aria-label": "People", title: "People (w)", onclick: toggle }, icon("people"));
}

/** For the shortcut. */
export async function find() {
  const { focus } = await people();
  if (!wide.matches && !drawer.isOpen()) drawer.toggle("people");
  focus();
}

function toggle() {
  people().catch(failed);
  drawer.toggle("people");
}

function people() {
  filled ??= import("./people.js").then((it) => (it.fillColumn(column), it));
  return filled;
}
