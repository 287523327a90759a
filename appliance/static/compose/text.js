/** Changing what is in a text field, so that the browser's undo knows of it. */

/** @param {HTMLTextAreaElement} field @param {number} start @param {number} end @param {string} text */
export function replace(field, start, end, text) {
  field.focus();
  field.setSelectionRange(start, end);
  const done = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
  if (!done) replaceSilently(field, start, end, text);
}

/** Where the focus is elsewhere: it stays there. @param {HTMLTextAreaElement} field @param {number} start @param {number} end @param {string} text */
export function replaceSilently(field, start, end, text) {
  field.setRangeText(text, start, end, field.selectionStart >= end ? "end" : "preserve");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** On lines of its own where the cursor is. @param {HTMLTextAreaElement} field @param {string} text */
export function insertBlock(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const gap = !before || before.endsWith("\n") ? "" : "\n";
  replace(field, field.selectionStart, field.selectionEnd, `${gap}${text}\n`);
}

/** @param {HTMLTextAreaElement} field */
export const selected = (field) => field.value.slice(field.selectionStart, field.selectionEnd);

/** From the beginning of the first line that is selected to the end of the last. @param {HTMLTextAreaElement} field @returns {[number, number]} */
export function lines({ value, selectionStart, selectionEnd }) {
  const end = value.indexOf("\n", Math.max(selectionStart, selectionEnd - 1));
  return [value.lastIndexOf("\n", selectionStart - 1) + 1, end < 0 ? value.length : end];
}
