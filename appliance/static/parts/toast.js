/** Short notices at the edge of the page, which screen readers speak. */

import { h } from "../base/dom.js";

const LASTS = 6000; // milliseconds, without an action; with one twice that

/**
 * @param {string} text
 * @param {{error?: boolean, action?: string, run?: () => void}} [options] `action`: the label of a button for `run`
 */
export function toast(text, { error = false, action, run } = {}) {
  const notice = h("div", { class: ["toast", error && "error"], role: error ? "alert" : "status" }, h("span", null, text));
  if (action) notice.append(h("button", { type: "button", onclick: () => (notice.remove(), run?.()) }, action));
  region().append(notice);
  setTimeout(() => notice.remove(), action ? 2 * LASTS : LASTS);
}

/** For `.catch(failed)`: what the server or the network has said. @param {unknown} error */
export function failed(error) {
  toast(error instanceof Error ? error.message : String(error), { error: true });
}

/** In the dialog on top, if one is open: what is beside it can neither be pressed nor heard. */
function region() {
  const host = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  const found = document.getElementById("toasts") ?? h("div", { id: "toasts" });
  if (found.parentElement !== host) host.append(found);
  return found;
}
