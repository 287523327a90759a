/** Topics: what they are to oneself, and the last ones of a channel. */

import { get as ask } from "../base/api.js";
import { changed } from "../base/changes.js";
import * as channels from "./channels.js";
import { realm } from "./told.js";

/** What a topic is to oneself. */
export const INHERIT = 0, MUTED = 1, UNMUTED = 2, FOLLOWED = 3;
const RESOLVED = "✔ ";

/** @typedef {{name: string, max_id: number}} Topic */
/** @typedef {{stream_id: number, topic_name: string, last_updated: number, visibility_policy: number}} Policy */
/** @typedef {{asked: Promise<void>, topics: Map<string, Topic>, sorted: Topic[] | null}} List by names in small letters */

const policies = /** @type {Map<string, Policy>} */ (new Map());
const lists = /** @type {Map<number, List>} */ (new Map()); // of the channels that somebody has asked for

/** @param {Record<string, any>} told */
export function load(told) {
  policies.clear();
  lists.clear();
  for (const row of told.user_topics) policies.set(key(row.stream_id, row.topic_name), row);
  changed("topics");
}

export const events = {
  user_topic: (/** @type {any} */ { stream_id, topic_name, last_updated, visibility_policy }) => {
    if (visibility_policy === INHERIT) policies.delete(key(stream_id, topic_name));
    else policies.set(key(stream_id, topic_name), { stream_id, topic_name, last_updated, visibility_policy });
    changed("topics");
  },
  message: (/** @type {any} */ { message }) => {
    if (message.type === "stream") arrived(lists.get(message.stream_id), message.subject, message.id);
  },
  update_message: (/** @type {any} */ event) => {
    if (event.propagate_mode !== undefined) forget(event.stream_id, event.new_stream_id);
  },
  delete_message: (/** @type {any} */ event) => forget(event.stream_id),
  subscription: (/** @type {any} */ event) => {
    if (event.op === "add" || event.op === "remove") for (const each of event.subscriptions) forget(each.stream_id);
  },
  stream: (/** @type {any} */ event) => {
    if (event.op === "delete") forget(...event.stream_ids);
  },
};

/** @param {number} streamId @param {string} topic @returns {number} */
export const policy = (streamId, topic) => policies.get(key(streamId, topic))?.visibility_policy ?? INHERIT;

/** Or is it in a channel that is, and not unmuted? @param {number} streamId @param {string} topic */
export function isMuted(streamId, topic) {
  const own = policy(streamId, topic);
  return own === MUTED || (own === INHERIT && channels.isMuted(streamId));
}

/** All with a policy of their own. */
export const all = () => [...policies.values()];

/**
 * The topics of a channel, the last ones first. The server is asked once; "topics" says when there are others.
 * @param {number} streamId
 * @returns {Promise<Topic[]>} not to be changed
 */
export async function recent(streamId) {
  if (!lists.has(streamId)) begin(streamId);
  const list = lists.get(streamId);
  await list.asked;
  list.sorted ??= [...list.topics.values()].sort((one, other) => other.max_id - one.max_id);
  return list.sorted;
}

/** @param {string} topic */
export const isResolved = (topic) => topic.startsWith(RESOLVED);

/** Its name when it is resolved, or no more. @param {string} topic @param {boolean} yes */
export const resolved = (topic, yes) => (yes ? RESOLVED : "") + topic.replace(/^(✔ )+/, "");

/** For people. @param {string} topic @returns {string} */
export const shown = (topic) => topic || realm("empty_topic_display_name");

/** @param {number} streamId @param {string} topic */
const key = (streamId, topic) => `${streamId}:${topic.toLowerCase()}`;

/** @param {number} streamId */
function begin(streamId) {
  const list = /** @type {List} */ ({ topics: new Map(), sorted: null, asked: Promise.resolve() });
  list.asked = fill(streamId, list);
  lists.set(streamId, list);
}

/** Messages may have come before the answer does. @param {number} streamId @param {List} list */
async function fill(streamId, list) {
  try {
    const { topics } = await ask(`/users/me/${streamId}/topics`, { allow_empty_topic_name: true });
    for (const { name, max_id } of topics) arrived(list, name, max_id);
  } catch (error) {
    if (lists.get(streamId) === list) lists.delete(streamId);
    throw error;
  }
}

/** @param {List | undefined} list @param {string} name @param {number} id */
function arrived(list, name, id) {
  if (!list) return;
  const known = list.topics.get(name.toLowerCase());
  if (known && known.max_id >= id) return;
  list.topics.set(name.toLowerCase(), { name, max_id: id });
  list.sorted = null;
  changed("topics");
}

/** @param {...(number | undefined)} streamIds */
function forget(...streamIds) {
  for (const each of streamIds) if (lists.delete(each)) changed("topics");
}
