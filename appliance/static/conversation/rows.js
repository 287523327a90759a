/** What a list shows from top to bottom: messages, and what stands between them. */

import { sameDay } from "../base/time.js";
import { key as conversationOf, of as destinationOf } from "../state/destination.js";

const TOGETHER = 600; // seconds between messages of one sender that are shown below one name

/**
 * @typedef {Record<string, any>} Message
 * @typedef {{kind: "message" | "day" | "bar" | "unread", key: string, message: Message, leads: boolean}} Row
 *   `message`: of the other kinds, the one that follows; `leads`: has its sender's name
 */

/**
 * @param {Message[]} messages ascending
 * @param {{mixed: boolean, unreadFrom: number}} how `mixed`: of several conversations; `unreadFrom`: the id before which the
 *   line goes, 0 for none
 * @returns {Row[]}
 */
export function rowsOf(messages, { mixed, unreadFrom }) {
  const rows = /** @type {Row[]} */ ([]);
  let before = /** @type {Message | null} */ (null);
  for (const message of messages) {
    const between = gaps(before, message, mixed, unreadFrom);
    for (const kind of between) rows.push({ kind, key: `${kind}-${message.id}`, message, leads: false });
    rows.push({ kind: "message", key: `${message.id}`, message, leads: between.length > 0 || !continues(before, message) });
    before = message;
  }
  return rows;
}

/** @param {Message | null} before @param {Message} message @param {boolean} mixed @param {number} unreadFrom */
function gaps(before, message, mixed, unreadFrom) {
  const found = /** @type {("day" | "bar" | "unread")[]} */ ([]);
  if (!before || !sameDay(before.timestamp, message.timestamp)) found.push("day");
  if (mixed && (!before || place(before) !== place(message))) found.push("bar");
  if (message.id === unreadFrom) found.push("unread");
  return found;
}

/** @param {Message} before @param {Message} message */
function continues(before, message) {
  return before.sender_id === message.sender_id && message.timestamp - before.timestamp < TOGETHER && !before.is_me_message && !message.is_me_message;
}

/** @param {Message} message */
const place = (message) => conversationOf(destinationOf(message));
