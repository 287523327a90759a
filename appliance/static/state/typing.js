/** Who is typing. */

import { changed } from "../base/changes.js";
import * as destination from "./destination.js";
import * as me from "./me.js";
import { told } from "./told.js";

const typing = /** @type {Map<string, Map<number, number>>} */ (new Map()); // conversation -> person -> until when, in milliseconds
let timer = 0;

export function load() {
  typing.clear();
  changed("typing");
}

export const events = {
  typing: (/** @type {any} */ event) => {
    if (event.sender.user_id === me.id()) return;
    const key = destination.key(place(event));
    if (event.op === "start") began(key, event.sender.user_id);
    else stopped(key, event.sender.user_id);
    changed("typing");
  },
  message: (/** @type {any} */ { message }) => {
    if (stopped(destination.key(destination.of(message)), message.sender_id)) changed("typing");
  },
};

/** Ids of the others who are. @param {destination.Destination} where */
export const who = (where) => [...(typing.get(destination.key(where))?.keys() ?? [])];

/** @param {any} event @returns {destination.Destination} */
function place(event) {
  if (event.message_type === "stream") return destination.channel(event.stream_id, event.topic);
  return destination.direct(event.recipients.map((/** @type {any} */ each) => each.user_id));
}

/** @param {string} key @param {number} userId */
function began(key, userId) {
  if (!typing.has(key)) typing.set(key, new Map());
  typing.get(key).set(userId, Date.now() + told("server_typing_started_expiry_period_milliseconds"));
  timer ||= setTimeout(expire, 1000);
}

/** @param {string} key @param {number} userId */
function stopped(key, userId) {
  const people = typing.get(key);
  const was = people?.delete(userId) ?? false;
  if (people?.size === 0) typing.delete(key);
  return was;
}

/** Who went away without a word types no more. */
function expire() {
  timer = 0;
  for (const [key, people] of typing)
    for (const [userId, until] of people) if (until < Date.now() && stopped(key, userId)) changed("typing");
  if (typing.size > 0) timer = setTimeout(expire, 1000);
}
