/** Widgets in messages: polls, lists of things to do, and the choices that bots offer. */

import { choicesOf } from "./choices.js";
import { pollOf } from "./poll.js";
import { todoOf } from "./todo.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./entries.js").Entry} Entry */

/** @typedef {HTMLInputElement | HTMLButtonElement} Control */

const FIELD = ".widget-form input";

/** @type {Record<string, (message: Message, extra: any, entries: Entry[]) => HTMLElement>} */
const WIDGETS = { poll: pollOf, todo: todoOf, zform: choicesOf };

/** @param {Message} message @returns {HTMLElement | null} null: it is none that we know */
export function widgetOf(message) {
  const [first, ...rest] = message.submessages;
  const { widget_type: kind, extra_data: extra } = parsed(first.content);
  const entries = rest.map((/** @type {any} */ each) => ({ sender: each.sender_id, data: parsed(each.content) }));
  return Object.hasOwn(WIDGETS, kind) ? WIDGETS[kind](message, extra ?? {}, entries) : null;
}

/** In place of what is shown: with the text that is being typed there, and the focus. @param {HTMLElement} shown @param {Message} message */
export function renew(shown, message) {
  const widget = widgetOf(message);
  if (!widget) return;
  const [before, after] = [controls(shown), controls(widget)];
  const focused = before.indexOf(/** @type {Control} */ (document.activeElement));
  const fromEnd = before[focused]?.closest(".widget-form") != null; // rows come before the form
  const field = /** @type {HTMLInputElement} */ (shown.querySelector(FIELD));
  if (field) /** @type {HTMLInputElement} */ (widget.querySelector(FIELD)).value = field.value;
  shown.replaceWith(widget);
  if (focused >= 0) after.at(fromEnd ? focused - before.length : focused)?.focus({ preventScroll: true });
}

/** @param {HTMLElement} widget @returns {Control[]} */
const controls = (widget) => [.../** @type {NodeListOf<Control>} */ (widget.querySelectorAll("input, button"))];

/** Older servers took whatever they got. @param {string} text @returns {Record<string, any>} */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
