/** What people do with a widget. */

import { post } from "../base/api.js";
import { h } from "../base/dom.js";
import { failed } from "../parts/toast.js";
import * as me from "../state/me.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {{sender: number | "canned", data: Record<string, any>}} Entry "canned": the widget began with it */

/** Take part. @param {Message} message @param {Record<string, any>} data */
export function enter(message, data) {
  post("/submessage", { message_id: message.id, msg_type: "widget", content: JSON.stringify(data) }).catch(failed);
}

/** One's entries of a kind are numbered. @param {Entry[]} entries @param {string} type @param {string} name of the number */
export function nextNumber(entries, type, name) {
  return 1 + Math.max(0, ...entries.filter(({ sender, data }) => sender === me.id() && data.type === type).map(({ data }) => Number(data[name]) || 0));
}

/** A field whose text is entered. @param {string} label @param {(text: string) => void} run */
export function entryForm(label, run) {
  const input = h("input", { "aria-label": label, placeholder: label, dir: "auto", maxlength: 200 });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text) run(text);
    input.value = "";
  };
  return h("form", { class: "widget-form", onsubmit: submit }, input, h("button", { type: "submit" }, "Add"));
}
