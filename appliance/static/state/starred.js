/** Messages that one has starred. */

import { changed } from "../base/changes.js";

let ids = /** @type {Set<number>} */ (new Set());

/** @param {Record<string, any>} told */
export function load(told) {
  ids = new Set(told.starred_messages);
  changed("starred");
}

export const events = {
  update_message_flags: (/** @type {any} */ event) => {
    if (event.flag !== "starred") return;
    for (const each of event.messages) event.op === "add" ? ids.add(each) : ids.delete(each);
    changed("starred");
  },
  delete_message: (/** @type {any} */ event) => {
    if (event.message_ids.filter((/** @type {number} */ each) => ids.delete(each)).length > 0) changed("starred");
  },
};

export const count = () => ids.size;
