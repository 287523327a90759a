/** Conversations that were written in lately. */

import { changed } from "../base/changes.js";
import * as channels from "./channels.js";
import * as destination from "./destination.js";
import * as messages from "./messages.js";

/** @typedef {destination.Destination} Destination */
/** @typedef {{key: string, destination: Destination, max_id: number, at: number, participants: number[]}} Conversation `participants`: who wrote, the last one first; `at`: when, in seconds */
/** @typedef {{by: number, at: number}} Written by whom, and when */
/** @typedef {{destination: Destination, senders: Map<number, Written>}} Known by its last messages, by their ids */

const PAGE = 400; // messages that are looked through at a time
const LAST = 20; // messages that are remembered of each
const MOST = 2000; // conversations

const known = /** @type {Map<string, Known>} */ (new Map());
const where = /** @type {Map<number, string>} */ (new Map()); // the conversation of each message that is remembered
const partners = /** @type {Map<string, {user_ids: number[], max_id: number}>} */ (new Map());
let reached = /** @type {number | "newest"} */ ("newest"); // all that is newer was looked through
let complete = false;
let looking = /** @type {Promise<void> | null} */ (null);

/** @param {Record<string, any>} told */
export function load(told) {
  for (const each of [known, where, partners]) each.clear();
  for (const row of told.recent_private_conversations) partnered(destination.direct(row.user_ids), row.max_message_id);
  reached = "newest";
  complete = false;
  looking = null;
  changed("conversations");
}

export const events = {
  message: (/** @type {any} */ { message }) => put(message),
  update_message: (/** @type {any} */ event) => {
    if (event.propagate_mode !== undefined) for (const each of event.message_ids) moved(each, event);
  },
  delete_message: (/** @type {any} */ event) => {
    event.message_ids.forEach(forget);
    if (event.message_type === "private") for (const [key, each] of partners) if (event.message_ids.includes(each.max_id)) lookAgain(key, destination.direct(each.user_ids));
  },
};

/**
 * The newest first, of channels that one is in, and of people. The first call asks the server; "conversations"
 * says when there are more.
 * @param {number} limit
 * @returns {Conversation[]}
 */
export function recent(limit) {
  if (reached === "newest" && !complete) older().catch(() => {}); // the next drawing asks again
  const found = [...known].map(([key, each]) => conversation(key, each));
  return found
    .filter(({ destination: to }) => to.type === "direct" || channels.isSubscribed(to.stream_id))
    .sort((one, other) => other.max_id - one.max_id)
    .slice(0, limit);
}

/** Has all been looked through? */
export const isComplete = () => complete;

/** Look further back. */
export function older() {
  looking ??= look().finally(() => (looking = null));
  return looking;
}

/** With people, the newest first. */
export const directs = () => [...partners.values()].sort((one, other) => other.max_id - one.max_id);

async function look() {
  const { messages: rows, found_oldest: all } = await messages.fetch({ anchor: reached, include_anchor: reached === "newest", num_before: PAGE, num_after: 0 });
  for (const each of rows) put(each);
  reached = rows[0]?.id ?? reached;
  complete = all || known.size >= MOST;
  changed("conversations");
}

/** @param {string} key @param {Known} conversation @returns {Conversation} */
function conversation(key, { destination: to, senders }) {
  const ids = [...senders.keys()].sort((one, other) => other - one);
  return { key, destination: to, max_id: ids[0], at: senders.get(ids[0]).at, participants: [...new Set(ids.map((each) => senders.get(each).by))] };
}

/** @param {Pick<messages.Message, "id" | "sender_id" | "timestamp">} message */
function put(message) {
  const to = destination.of(message);
  remember(message.id, { by: message.sender_id, at: message.timestamp }, to);
  if (to.type === "direct") partnered(to, message.id);
}

/** @param {number} id @param {Written} written @param {Destination} to */
function remember(id, written, to) {
  const key = destination.key(to);
  const { senders } = known.get(key) ?? begin(key, to);
  senders.set(id, written);
  where.set(id, key);
  if (senders.size > LAST) drop(senders, Math.min(...senders.keys()));
  changed("conversations");
}

/** @param {string} key @param {Destination} to */
function begin(key, to) {
  const made = { destination: to, senders: new Map() };
  known.set(key, made);
  if (known.size > MOST) end(known.keys().next().value);
  return made;
}

/** @param {string} key */
function end(key) {
  for (const each of known.get(key).senders.keys()) where.delete(each);
  known.delete(key);
}

/** @param {Map<number, Written>} senders @param {number} id */
function drop(senders, id) {
  senders.delete(id);
  where.delete(id);
}

/** @param {number} id */
function forget(id) {
  const key = where.get(id);
  if (key === undefined) return;
  const { senders, destination: to } = known.get(key);
  drop(senders, id);
  if (senders.size === 0) known.delete(key), lookAgain(key, to);
  changed("conversations");
}

/** @param {number} id @param {any} event */
function moved(id, event) {
  const from = known.get(where.get(id));
  if (from?.destination.type !== "channel") return;
  const { stream_id, topic } = from.destination;
  const written = from.senders.get(id);
  forget(id);
  remember(id, written, destination.channel(event.new_stream_id ?? stream_id, event.subject ?? topic));
}

/** What we remembered of it is gone; there may be older messages. @param {string} key @param {Destination} to */
async function lookAgain(key, to) {
  partners.delete(key);
  await messages.fetch({ anchor: "newest", num_before: LAST, num_after: 0, narrow: destination.terms(to) }).then(
    ({ messages: rows }) => rows.forEach(put),
    () => {}, // it comes back with its next message
  );
}

/** @param {destination.ToPeople} to @param {number} id */
function partnered(to, id) {
  const key = destination.key(to);
  partners.set(key, { user_ids: to.user_ids, max_id: Math.max(id, partners.get(key)?.max_id ?? 0) });
  changed("conversations");
}
