/** Widgets in messages: polls, lists of things to do, and the choices that bots offer. */

import { choicesOf } from "./choices.js";
import { pollOf } from "./poll.js";
import { todoOf } from "./todo.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./entries.js").Entry} Entry */

/** @type {Record<string, (message: Message, extra: any, entries: Entry[]) => HTMLElement>} */
const WIDGETS = { poll: pollOf, todo: todoOf, zform: choicesOf };

/** @param {Message} message @returns {HTMLElement | null} null: it is none that we know */
export function widgetOf(message) {
  const [first, ...rest] = message.submessages;
  const { widget_type: kind, extra_data: extra } = parsed(first.content);
  const entries = rest.map((/** @type {any} */ each) => ({ sender: each.sender_id, data: parsed(each.content) }));
  return Object.hasOwn(WIDGETS, kind) ? WIDGETS[kind](message, extra ?? {}, entries) : null;
}

/** Older servers took whatever they got. @param {string} text @returns {Record<string, any>} */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
