/** Changing the text of messages, right where they are. Editors are kept while their message is out of sight. Subject "editing". */

import { get, patch } from "../base/api.js";
import { changed } from "../base/changes.js";
import { h } from "../base/dom.js";
import { failed, toast } from "../parts/toast.js";
import * as destinations from "../state/destination.js";
import * as messages from "../state/messages.js";

const open = /** @type {Map<number, {editor: ReturnType<typeof import("../compose/editor.js").makeEditor>, before: string}>} */ (new Map());

/** @param {number} messageId */
export const isOpen = (messageId) => open.has(messageId);

/** @param {number} messageId of one that is open */
export const editorOf = (messageId) => open.get(messageId).editor.element;

/** @param {number} messageId */
export async function edit(messageId) {
  if (!isOpen(messageId)) {
    const { raw_content: source } = await get(`/messages/${messageId}`, { apply_markdown: false, allow_empty_topic_name: true });
    const { makeEditor } = await import("../compose/editor.js"); // it is large
    open.set(messageId, { editor: makeEditor(wanted(messageId, source)), before: source });
    changed("editing");
  }
  requestAnimationFrame(() => open.get(messageId)?.editor.focus());
}

/** @param {number} id @param {string} content */
function wanted(id, content) {
  const submit = () => save(id).catch(failed);
  const cancel = () => close(id);
  return {
    label: "Edit the message",
    content,
    destination: () => (messages.get(id) ? destinations.of(messages.get(id)) : null),
    onsubmit: submit,
    oncancel: cancel,
    actions: [h("button", { type: "button", onclick: cancel }, "Cancel"), h("button", { type: "button", class: "primary", onclick: submit }, "Save")],
  };
}

/** @param {number} id */
async function save(id) {
  const { editor, before } = open.get(id);
  if (editor.busy()) return toast("A file is still being uploaded.");
  const content = editor.value();
  if (content !== before) await patch(`/messages/${id}`, { content });
  close(id);
}

/** @param {number} id */
function close(id) {
  open.delete(id);
  changed("editing");
  requestAnimationFrame(() => document.getElementById(`message-${id}`)?.focus({ preventScroll: true }));
}
