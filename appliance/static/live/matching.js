/** Does a message belong into a narrow? */

import * as channels from "../state/channels.js";
import * as destination from "../state/destination.js";
import * as me from "../state/me.js";
import * as topics from "../state/topics.js";
import * as users from "../state/users.js";

/** @typedef {import("../base/place.js").Term} Term */
/** @typedef {import("../state/messages.js").Message} Message */

/** @type {Record<string, (message: Message, operand: any) => boolean | null>} null: only the server knows */
const OPERATORS = {
  channel: (message, operand) => message.type === "stream" && (message.stream_id === operand || isNamed(message.stream_id, operand)),
  topic: (message, operand) => message.type === "stream" && message.subject.toLowerCase() === String(operand).toLowerCase(),
  dm: (message, operand) => message.type === "private" && (Array.isArray(operand) ? destination.same(destination.of(message), destination.direct(operand)) : null),
  "dm-including": (message, operand) => (message.type !== "private" ? false : Array.isArray(operand) ? operand.every((each) => isAmong(message, each)) : null),
  sender: (message, operand) => (operand === "me" ? message.sender_id === me.id() : typeof operand === "number" ? message.sender_id === operand : users.get(message.sender_id).email === operand),
  id: (message, operand) => message.id === operand,
  near: () => true,
  with: () => true,
  is: (message, operand) => IS[operand]?.(message) ?? null,
};

/** @type {Record<string, (message: Message) => boolean>} */
const IS = {
  dm: (message) => message.type === "private",
  private: (message) => message.type === "private",
  starred: (message) => message.flags.includes("starred"),
  unread: (message) => !message.flags.includes("read"),
  mentioned: (message) => message.flags.some((each) => each.endsWith("mentioned")),
  alerted: (message) => message.flags.includes("has_alert_word"),
  resolved: (message) => message.type === "stream" && topics.isResolved(message.subject),
  followed: (message) => message.type === "stream" && topics.policy(message.stream_id, message.subject) === topics.FOLLOWED,
};

/** @param {Term[]} terms @param {Message} message @returns {boolean | null} null: ask the server */
export function matches(terms, message) {
  let sure = true;
  for (const { operator, operand, negated } of terms) {
    const fits = OPERATORS[operator]?.(message, operand) ?? null;
    if (fits === null) sure = false;
    else if (fits === !!negated) return false;
  }
  return sure || null;
}

/** @param {number} streamId @param {unknown} name */
const isNamed = (streamId, name) => channels.name(streamId).toLowerCase() === String(name).toLowerCase();

/** @param {Message} message @param {number} userId */
const isAmong = (message, userId) => message.display_recipient.some((/** @type {any} */ each) => each.id === userId);
