/** One's messages that are to be sent later: rows as of the API, `scheduled_message_id`, `failed` and the like. */

import { changed } from "../base/changes.js";
import { direct } from "./destination.js";

let rows = /** @type {any[]} */ ([]);

/** @param {Record<string, any>} told */
export function load(told) {
  become(told.scheduled_messages ?? []);
}

export const events = { scheduled_messages: happened };

/** The next one to be sent first. */
export const all = () => rows;

/** Where one goes. @param {any} row @returns {import("./destination.js").Destination} */
export function destination(row) {
  if (row.type === "stream") return { type: "channel", stream_id: row.to, topic: row.topic };
  return direct([row.to].flat());
}

/** @param {Record<string, any>} event */
function happened(event) {
  const told = event.scheduled_messages ?? [event.scheduled_message ?? { scheduled_message_id: event.scheduled_message_id }];
  const ids = new Set(told.map((/** @type {any} */ each) => each.scheduled_message_id));
  const left = rows.filter((each) => !ids.has(each.scheduled_message_id));
  become(event.op === "remove" ? left : [...left, ...told]);
}

/** @param {any[]} wanted */
function become(wanted) {
  rows = wanted.sort((a, b) => a.scheduled_delivery_timestamp - b.scheduled_delivery_timestamp);
  changed("scheduled");
}
