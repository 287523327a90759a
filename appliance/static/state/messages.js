/**
 * Messages, as many as are of use: those that somebody shows, and the last that were fetched or came.
 *
 * A row is as of the API, with `flags`. It is never changed but replaced, so that who shows one sees that it is another.
 */

import { get as ask } from "../base/api.js";
import { changed } from "../base/changes.js";
import { rewritten } from "./message_change.js";

/** @typedef {Record<string, any> & {id: number, sender_id: number, type: "stream" | "private", subject: string, content: string, flags: string[]}} Message */

const SPARE = 1000; // kept without anybody showing them

const known = /** @type {Map<number, Message>} */ (new Map()); // the last that were put last
const stale = /** @type {Set<number>} */ (new Set()); // from before the queue that we have now
let limit = SPARE;
const holders = /** @type {Set<() => Iterable<number>>} */ (new Set());
const since = /** @type {any[]} */ ([]); // events that came while something is being fetched
let fetching = 0;

export function load() {
  for (const each of known.keys()) stale.add(each);
  changed("messages");
}

/** @param {any} event */
function note(event) {
  if (fetching > 0) since.push(event);
  const ids = event.messages ?? event.message_ids ?? [event.message_id];
  change(event, event.all ? [...known.keys()] : ids);
}

export const events = {
  message: (/** @type {any} */ { message, flags }) => put([{ ...message, flags }]),
  update_message: (/** @type {any} */ event) => note(event),
  delete_message: (/** @type {any} */ event) => note(event),
  update_message_flags: (/** @type {any} */ event) => note(event),
  reaction: (/** @type {any} */ event) => note(event),
  submessage: (/** @type {any} */ event) => note(event),
};

/** @param {number} messageId @returns {Message | undefined} */
export const get = (messageId) => known.get(messageId);

/** Of all that are kept, in no order. */
export const ids = () => [...known.keys()];

/** Rows that the server has just told. One that is known has been kept right, and gets no more than where a search has found its words. @param {Message[]} rows */
export function put(rows) {
  for (const row of rows) {
    const same = stale.has(row.id) ? undefined : known.get(row.id);
    known.delete(row.id);
    known.set(row.id, same && row.match_content !== undefined ? { ...same, match_content: row.match_content, match_subject: row.match_subject } : (same ?? row));
    stale.delete(row.id);
  }
  if (rows.length > 0) changed("messages");
  if (known.size > limit) drop();
}

/**
 * Fetch messages, and keep them: what has happened to them in the meantime is in the rows already.
 * @param {Record<string, any>} params of GET /messages
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<Record<string, any>>} the answer; `messages` without those that were deleted meanwhile
 */
export async function fetch(params, options) {
  fetching++;
  const from = since.length;
  try {
    const answer = await ask("/messages", { allow_empty_topic_name: true, client_gravatar: false, ...params }, options);
    put(answer.messages);
    for (const event of since.slice(from)) changeAgain(event, answer.messages);
    return { ...answer, messages: answer.messages.map((/** @type {Message} */ each) => known.get(each.id)).filter(Boolean) };
  } finally {
    if (--fetching === 0) since.length = 0;
  }
}

/**
 * What `shown` names is kept for as long as it names it.
 * @param {() => Iterable<number>} shown ids
 * @returns {() => void} ends that
 */
export function hold(shown) {
  holders.add(shown);
  return () => holders.delete(shown);
}

/** @param {any} event @param {Message[]} rows */
function changeAgain(event, rows) {
  const ids = event.messages ?? event.message_ids ?? [event.message_id];
  change(event, rows.map((each) => each.id).filter((each) => event.all || ids.includes(each)));
}

/** @param {any} event @param {number[]} ids */
function change(event, ids) {
  for (const each of ids) {
    const row = known.get(each);
    if (!row) continue;
    const now = rewritten(row, event);
    if (now) known.set(each, now);
    else known.delete(each);
    changed("messages");
  }
}

/** The oldest that nobody shows. */
function drop() {
  const held = new Set([...holders].flatMap((each) => [...each()]));
  for (const each of known.keys()) {
    if (known.size <= SPARE / 2 + held.size) break;
    if (!held.has(each)) known.delete(each), stale.delete(each);
  }
  limit = SPARE + held.size;
}
