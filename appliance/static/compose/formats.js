/** What the buttons and keys of the editor do to its text: Zulip's Markdown. */

import { lines, replace, selected } from "./text.js";

/**
 * @typedef {object} Format
 * @property {string} text
 * @property {string} icon
 * @property {string} [key] as of `combination`
 * @property {boolean} [button] it has one of its own in the bar; all are in the menu
 * @property {(field: HTMLTextAreaElement) => void} run
 */

/** @type {Format[]} */
export const FORMATS = [
  { text: "Bold", icon: "bold", key: "Ctrl+b", button: true, run: (field) => wrap(field, "**") },
  { text: "Italic", icon: "italic", key: "Ctrl+i", button: true, run: (field) => wrap(field, "*") },
  { text: "Strikethrough", icon: "strike", run: (field) => wrap(field, "~~") },
  { text: "Link", icon: "link", key: "Ctrl+Shift+l", button: true, run: link },
  { text: "Code", icon: "code", key: "Ctrl+Shift+c", button: true, run: code },
  { text: "Quote", icon: "quote", key: "Ctrl+Shift+9", button: true, run: (field) => fence(field, "quote") },
  { text: "Bulleted list", icon: "bullets", key: "Ctrl+Shift+8", button: true, run: (field) => mark(field, () => "- ") },
  { text: "Numbered list", icon: "numbers", key: "Ctrl+Shift+7", run: (field) => mark(field, (at) => `${at + 1}. `) },
  { text: "Spoiler", icon: "eye", run: (field) => fence(field, "spoiler ") },
  { text: "Math", icon: "sigma", run: (field) => (selected(field).includes("\n") ? fence(field, "math") : wrap(field, "$$")) },
];

/** Digits wherever the layout of the keyboard has them. @param {KeyboardEvent} event */
export function combination({ ctrlKey, metaKey, shiftKey, altKey, key, code }) {
  const held = [(ctrlKey || metaKey) && "Ctrl+", altKey && "Alt+", shiftKey && "Shift+"].filter(Boolean);
  return held.join("") + (/^Digit(.)$/.exec(code)?.[1] ?? key.toLowerCase());
}

/** Around what is selected; away again if it is there. @param {HTMLTextAreaElement} field @param {string} sign */
function wrap(field, sign) {
  let { value, selectionStart: start, selectionEnd: end } = field;
  const size = sign.length;
  if (end - start > 2 * size && stands(value, start + size, end - size, sign)) [start, end] = [start + size, end - size];
  const text = value.slice(start, end);
  if (stands(value, start, end, sign)) {
    replace(field, start - size, end + size, text);
    return field.setSelectionRange(start - size, end - size);
  }
  replace(field, start, end, sign + text + sign);
  field.setSelectionRange(start + size, end + size);
}

/** Is it around that already? One star is not around what two are. @param {string} value @param {number} start @param {number} end @param {string} sign */
function stands(value, start, end, sign) {
  const stars = /\*+$/.exec(value.slice(0, start))?.[0].length + (/^\*+/.exec(value.slice(start))?.[0].length ?? 0);
  return value.endsWith(sign, start) && value.startsWith(sign, end) && (sign !== "*" || stars !== 2);
}

/** @param {HTMLTextAreaElement} field */
function link(field) {
  const { selectionStart: start, selectionEnd: end } = field;
  const text = selected(field);
  const isAddress = /^https?:\/\/\S+$/.test(text);
  replace(field, start, end, isAddress ? `[](${text})` : `[${text}](https://)`);
  if (isAddress) field.setSelectionRange(start + 1, start + 1);
  else field.setSelectionRange(start + text.length + 3, start + text.length + 11);
}

/** @param {HTMLTextAreaElement} field */
function code(field) {
  if (selected(field).includes("\n")) fence(field, "");
  else wrap(field, "`");
}

/** A block around the lines that are selected. @param {HTMLTextAreaElement} field @param {string} kind after the sign that opens it */
function fence(field, kind) {
  const [start, end] = lines(field);
  const text = field.value.slice(start, end);
  const sign = fenceOf(text);
  const before = `${sign}${kind}\n`;
  replace(field, start, end, `${before}${text}\n${sign}`);
  const at = kind.endsWith(" ") ? start + before.length - 1 : start + before.length + text.length;
  field.setSelectionRange(at, at);
}

/** A sign of a fence that is longer than all in the text. @param {string} text */
export function fenceOf(text) {
  const longest = Math.max(2, ...[...text.matchAll(/^ *(`{3,})/gm)].map((each) => each[1].length));
  return "`".repeat(longest + 1);
}

/** Before each line that is selected; away again if all have it. @param {HTMLTextAreaElement} field @param {(at: number) => string} sign */
function mark(field, sign) {
  const [start, end] = lines(field);
  const old = field.value.slice(start, end).split("\n");
  const has = old.every((each, at) => each.startsWith(sign(at)));
  const made = old.map((each, at) => (has ? each.slice(sign(at).length) : sign(at) + each)).join("\n");
  replace(field, start, end, made);
  field.setSelectionRange(old.length > 1 ? start : start + made.length, start + made.length);
}

const ITEM = /^(\s*)(?:([-*+])|(\d{1,6})([.)]))( +)(.*)$/;

/**
 * Enter in a list begins its next item, and in an empty item ends the list.
 * @param {HTMLTextAreaElement} field @returns {(() => void) | undefined} undefined: the cursor is in none
 */
export function nextItem(field) {
  const { value, selectionStart: at, selectionEnd } = field;
  const start = value.lastIndexOf("\n", at - 1) + 1;
  const found = at === selectionEnd ? ITEM.exec(value.slice(start, at)) : null;
  if (!found) return undefined;
  const [, indent, bullet, number, dot, gap, text] = found;
  if (!text) return () => replace(field, start, at, "");
  return () => replace(field, at, at, `\n${indent}${bullet ?? Number(number) + 1 + dot}${gap}`);
}
