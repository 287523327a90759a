/** Marking messages as read, and as unread. What was read counts at once; the server is told of many together. */

import { ApiError, post } from "../base/api.js";
import * as destinations from "../state/destination.js";
import * as messages from "../state/messages.js";
import { apply } from "../state/state.js";
import * as unread from "../state/unread.js";
import { hear } from "./heard.js";

/** @typedef {destinations.Destination | {type: "channel", stream_id: number, topic?: undefined}} Place a channel without a topic: all of it */

const DELAY = 300; // milliseconds to wait for more
const AGAIN = 5000; // milliseconds after a failure
const MOST = 1000; // ids at a time

const waiting = /** @type {Set<number>} */ (new Set());
let most = MOST;
let timer = 0;

/** @param {number[]} ids of messages that were seen; those that are read already change nothing */
export function read(ids) {
  const unseen = ids.filter((each) => unread.has(each));
  if (unseen.length === 0) return;
  apply({ type: "update_message_flags", op: "add", flag: "read", messages: unseen, all: false });
  for (const each of unseen) waiting.add(each);
  timer ||= setTimeout(send, DELAY);
}

/** All of a conversation or a channel; null: everything. @param {Place | null} place */
export async function markRead(place) {
  if (place === null) await untilComplete("/mark_all_as_read", {});
  else if (place.type === "direct") read(unread.ids(place));
  else if (place.topic === undefined) await untilComplete("/mark_stream_as_read", { stream_id: place.stream_id });
  else await untilComplete("/mark_topic_as_read", { stream_id: place.stream_id, topic_name: place.topic });
}

/** This message and what comes after it in its conversation. @param {number} messageId of a known one */
export async function markUnreadFrom(messageId) {
  if (waiting.size > 0) await send(); // later it would take this back
  const narrow = destinations.terms(destinations.of(messages.get(messageId)));
  await post("/messages/flags/narrow", { anchor: messageId, num_before: 0, num_after: 5000, narrow, op: "remove", flag: "read" });
}

async function send() {
  clearTimeout(timer);
  const ids = [...waiting].slice(0, most);
  try {
    await post("/messages/flags", { messages: ids, op: "add", flag: "read" });
    most = MOST;
    done(ids, DELAY);
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status === 400; // one is gone, or out of sight
    if (isRefused) most = Math.ceil(ids.length / 2); // until the one is found
    done(isRefused && ids.length === 1 ? ids : [], isRefused ? 0 : AGAIN);
  }
}

/** @param {number[]} ids @param {number} delay before the others */
function done(ids, delay) {
  for (const each of ids) waiting.delete(each);
  timer = waiting.size > 0 ? setTimeout(send, delay) : 0;
}

hear("delete_message", ({ message_ids }) => message_ids.forEach((/** @type {number} */ each) => waiting.delete(each)));

/** A tab that is left may not come back. */
document.addEventListener("visibilitychange", () => document.hidden && waiting.size > 0 && send());

/** The server does a long work in parts. @param {string} path @param {Record<string, any>} params */
async function untilComplete(path, params) {
  for (;;) {
    const answer = await post(path, params);
    if (answer.complete !== false) return;
  }
}
