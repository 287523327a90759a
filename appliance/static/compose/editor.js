/** A field for a message's Markdown: with suggestions, uploads, a preview, and buttons for all that. */

import { h } from "../base/dom.js";
import { setting, told } from "../state/told.js";
import { completion } from "./completion.js";
import { FORMATS, combination, nextItem } from "./formats.js";
import { makePreview } from "./preview.js";
import { fitted } from "./size.js";
import { insertBlock, replace } from "./text.js";
import { deeds, makeToolbar } from "./toolbar.js";
import { makeUploads } from "./uploads.js";

/** @typedef {import("../state/destination.js").Destination} Destination */
/**
 * @typedef {object} Options
 * @property {string} label for screen readers
 * @property {string} [content]
 * @property {() => Destination | null} destination where it goes: who can be mentioned depends on it
 * @property {() => void} onsubmit the keys that send were pressed
 * @property {() => void} [oncancel] Escape
 * @property {(text: string) => void} [onchange]
 * @property {HTMLElement[]} [actions] buttons at the end of its bar
 * @property {string} [placeholder]
 */

const NEAR = 0.9; // of the longest text: how many letters are left is shown from there on

/** @param {Options} options */
export function makeEditor({ label, content = "", destination, onsubmit, oncancel, onchange, actions = [], placeholder }) {
  const field = h("textarea", { "aria-label": label, dir: "auto", rows: 1, placeholder, value: content, onkeydown: keydown, oninput: changed, onpaste: pasted });
  const left = h("small", { class: "left", role: "status" });
  const uploads = makeUploads(field, changed);
  const suggestions = completion(field, destination, deeds(field));
  const preview = makePreview(field);
  const bar = makeToolbar({ field, upload: uploads.add, preview: preview.show, actions });
  const element = h("div", { class: "editor", ondragover: dragged, ondrop: dropped }, field, preview.element, uploads.element, left, bar.element);
  const fit = fitted(field);

  function changed() {
    measure();
    onchange?.(field.value);
  }

  function measure() {
    const rest = told("max_message_length") - field.value.length;
    const near = rest < told("max_message_length") * (1 - NEAR);
    left.textContent = !near ? "" : rest < 0 ? `${-rest} letters too many` : `${rest} letters left`;
    left.classList.toggle("error-text", rest < 0);
    fit();
  }

  /** @param {KeyboardEvent} event */
  function keydown(event) {
    if (event.isComposing || suggestions.pressed(event)) return;
    const use = deed(event);
    if (!use) return;
    event.preventDefault();
    event.stopPropagation();
    use();
  }

  /** @param {KeyboardEvent} event @returns {(() => unknown) | undefined} */
  function deed(event) {
    if (event.key === "Enter") return enter(event);
    if (event.key === "Escape") return oncancel;
    const format = FORMATS.find((each) => each.key === combination(event));
    return format && (() => format.run(field));
  }

  /** @param {KeyboardEvent} event */
  function enter({ ctrlKey, metaKey, shiftKey, altKey }) {
    const held = ctrlKey || metaKey;
    if (setting("enter_sends") ? !held && !shiftKey && !altKey : held) return onsubmit;
    if (held) return () => replace(field, field.selectionStart, field.selectionEnd, "\n");
    return shiftKey || altKey ? undefined : nextItem(field);
  }

  /** @param {ClipboardEvent} event */
  function pasted(event) {
    const { files } = event.clipboardData;
    if (files.length && !event.clipboardData.getData("text/plain")) take(event, files);
    else pasteLink(event);
  }

  /** An address over a text that is selected makes it a link. @param {ClipboardEvent} event */
  function pasteLink(event) {
    const address = event.clipboardData.getData("text/plain").trim();
    const { selectionStart: start, selectionEnd: end } = field;
    const text = field.value.slice(start, end);
    if (!text || /[\n[\]]|^https?:/.test(text) || !/^https?:\/\/\S+$/.test(address)) return;
    event.preventDefault();
    replace(field, start, end, `[${text}](${address})`);
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    if (event.dataTransfer.files.length) take(event, event.dataTransfer.files);
  }

  /** @param {Event} event @param {Iterable<File>} files */
  function take(event, files) {
    event.preventDefault();
    event.stopPropagation();
    uploads.add([...files]);
  }

  return {
    element,
    field,
    value: () => field.value,
    /** In place of what was there; `onchange` is not told. @param {string} text */
    set(text) {
      field.value = text;
      bar.write();
      measure();
    },
    /** At the cursor. @param {string} text */
    insert: (text) => replace(field, field.selectionStart, field.selectionEnd, text),
    /** On lines of its own. @param {string} text */
    insertBlock: (text) => insertBlock(field, text),
    focus: () => (preview.isShown() ? preview.element : field).focus(),
    /** Is a file still being uploaded? */
    busy: uploads.busy,
    upload: uploads.add,
    tooLong: () => field.value.length > told("max_message_length"),
  };
}

/** @param {DragEvent} event */
function dragged(event) {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
}
