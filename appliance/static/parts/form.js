/** Dialogs that ask for something: closed when it is done, and open, with the reason, when it was refused. */

import { h } from "../base/dom.js";
import { openDialog } from "./dialog.js";

/**
 * @param {{title: string, body: (Node | false)[], action: string, run: () => any, danger?: boolean, wide?: boolean, onclose?: () => void}} asked
 *   `run` does it; what it throws or rejects with is shown
 * @returns {HTMLDialogElement}
 */
export function openForm({ title, body, action, run, danger = false, wide = false, onclose }) {
  const said = h("p", { class: "error-text", role: "alert", hidden: true });
  const id = `form-${++count}`;
  const agree = h("button", { type: "submit", form: id, class: danger ? "danger" : "primary" }, action);
  const cancel = h("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const form = h("form", { id, onsubmit: submit }, body, said);
  const dialog = openDialog({ title, body: [form], actions: [cancel, agree], wide, onclose });
  return dialog;

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    agree.disabled = true;
    said.hidden = true;
    try {
      await run();
      dialog.close();
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : String(error);
      said.hidden = false;
    }
    agree.disabled = false;
  }
}

let count = 0;
