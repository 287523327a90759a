/** Dialogs: over all else, with the focus inside, closed by Escape. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";

/**
 * @param {{title: string, body: Node[], actions?: HTMLElement[], wide?: boolean, onclose?: () => void}} asked
 * @returns {HTMLDialogElement} open; gone from the document after `close()`
 */
export function openDialog({ title, body, actions = [], wide = false, onclose }) {
  const heading = h("h2", { id: `dialog-${++count}` }, title);
  const dialog = h(
    "dialog",
    { class: ["dialog", wide && "wide"], "aria-labelledby": heading.id },
    h("div", { class: "dialog-head" }, heading, h("button", { class: "icon-button", type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    h("div", { class: "dialog-body" }, body),
    actions.length > 0 && h("div", { class: "dialog-foot" }, actions),
  );
  dialog.addEventListener("close", () => {
    document.body.append(...dialog.querySelectorAll("#toasts")); // they outlast it
    dialog.remove();
    onclose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * @param {{title: string, text: string, action: string, danger?: boolean}} asked
 * @returns {Promise<boolean>} whether it was agreed to
 */
export function confirm({ title, text, action, danger = false }) {
  return new Promise((resolve) => {
    const agree = h("button", { class: danger ? "danger" : "primary", type: "button", autofocus: true, onclick: () => done(true) }, action);
    const cancel = h("button", { type: "button", onclick: () => done(false) }, "Cancel");
    const dialog = openDialog({ title, body: [h("p", null, text)], actions: [cancel, agree], onclose: () => resolve(false) });
    /** @param {boolean} agreed */
    function done(agreed) {
      resolve(agreed);
      dialog.close();
    }
  });
}

let count = 0;
