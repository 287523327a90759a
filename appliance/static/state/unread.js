/** What one has not read. */

import { changed } from "../base/changes.js";
import * as destination from "./destination.js";
import * as topics from "./topics.js";

/** @typedef {destination.Destination} Destination */
/** @typedef {"named" | "all" | ""} Mention by name, as one of all (which does not count where it is muted), or not */
/** @typedef {{key: string, destination: Destination, ids: Map<number, Mention>}} Place */

const places = /** @type {Map<string, Place>} */ (new Map());
const inChannel = /** @type {Map<number, Set<Place>>} */ (new Map());
const where = /** @type {Map<number, Place>} */ (new Map()); // of each message

/** @param {Record<string, any>} told */
export function load({ unread_msgs: told }) {
  for (const each of [places, inChannel, where]) each.clear();
  const mentioned = new Set(told.mentions);
  /** @param {Destination} to @param {number[]} ids */
  const take = (to, ids) => ids.forEach((each) => put(each, to, mentioned.has(each) ? "named" : ""));
  for (const row of told.pms) take(destination.direct([row.other_user_id]), row.unread_message_ids);
  for (const row of told.huddles) take(destination.direct(row.user_ids_string.split(",").map(Number)), row.unread_message_ids);
  for (const row of told.streams) take(destination.channel(row.stream_id, row.topic), row.unread_message_ids);
  changed("unread");
}

export const events = {
  message: (/** @type {any} */ { message, flags }) => {
    if (!flags.includes("read")) put(message.id, destination.of(message), mention(flags));
  },
  update_message: (/** @type {any} */ event) => {
    if (event.rendered_content !== undefined) where.get(event.message_id)?.ids.set(event.message_id, mention(event.flags));
    if (event.propagate_mode !== undefined) for (const each of event.message_ids) moved(each, event);
    changed("unread");
  },
  delete_message: (/** @type {any} */ event) => event.message_ids.forEach(forget),
  update_message_flags: (/** @type {any} */ event) => {
    if (event.flag !== "read") return;
    if (event.op === "add") (event.all ? [...where.keys()] : event.messages).forEach(forget);
    else for (const [id, row] of Object.entries(event.message_details)) markedUnread(Number(id), row);
  },
  stream: (/** @type {any} */ event) => {
    if (event.op === "delete") event.stream_ids.forEach(forgetChannel);
    if (event.property === "is_archived" && event.value) forgetChannel(event.stream_id);
  },
  // What is muted counts no more.
  subscription: (/** @type {any} */ { op }) => op === "update" && changed("unread"),
  user_topic: () => changed("unread"),
};

/** As the badge has it: without what is muted. */
export const total = () => sum(places.values(), (each) => (isMuted(each) ? 0 : each.ids.size));

/** How many mention oneself. */
export const mentions = () => sum(places.values(), mentionsIn);

/** Without what is muted there. @param {number} streamId */
export const ofChannel = (streamId) => sum(inChannel.get(streamId) ?? [], (each) => (isMuted(each) ? 0 : each.ids.size));

/** Of each channel that has something: how much, without what is muted there. @returns {Map<number, number>} */
export function ofChannels() {
  const counts = /** @type {Map<number, number>} */ (new Map());
  for (const place of places.values()) {
    if (place.destination.type !== "channel") continue;
    const id = place.destination.stream_id;
    counts.set(id, (counts.get(id) ?? 0) + (isMuted(place) ? 0 : place.ids.size));
  }
  return counts;
}

/** @param {number} streamId @param {string} topic */
export const ofTopic = (streamId, topic) => of(destination.channel(streamId, topic))?.ids.size ?? 0;

/** @param {number[]} userIds the others */
export const ofDirect = (userIds) => of(destination.direct(userIds))?.ids.size ?? 0;

/** The topics of a channel that have something, the last one first. @param {number} streamId */
function topicsOf(streamId) {
  const found = [...(inChannel.get(streamId) ?? [])].map((each) => ({
    topic: /** @type {destination.ToChannel} */ (each.destination).topic,
    count: each.ids.size,
    mentions: mentionsIn(each),
    max_id: newest(each),
  }));
  return found.sort((one, other) => other.max_id - one.max_id);
}
export { topicsOf as topics };

/** Conversations with people that have something, the last one first. */
export function directs() {
  const found = [];
  for (const each of places.values()) {
    if (each.destination.type === "direct") found.push({ user_ids: each.destination.user_ids, count: each.ids.size, max_id: newest(each) });
  }
  return found.sort((one, other) => other.max_id - one.max_id);
}

/** @param {number} messageId */
export const has = (messageId) => where.has(messageId);

/** The oldest; 0: none. @param {Destination} to */
export function first(to) {
  let found = Infinity;
  for (const each of of(to)?.ids.keys() ?? []) found = Math.min(found, each);
  return found === Infinity ? 0 : found;
}

/** Of messages, in no order. @param {Destination} to */
export const ids = (to) => [...(of(to)?.ids.keys() ?? [])];

/** @param {Destination} to */
const of = (to) => places.get(destination.key(to));

/** @param {number} id @param {Destination} to @param {Mention} mention */
function put(id, to, mention) {
  forget(id);
  const place = of(to) ?? begin(to);
  place.ids.set(id, mention);
  where.set(id, place);
  changed("unread");
}

/** @param {Destination} to */
function begin(to) {
  const place = { key: destination.key(to), destination: to, ids: new Map() };
  places.set(place.key, place);
  if (to.type === "channel") inChannel.set(to.stream_id, (inChannel.get(to.stream_id) ?? new Set()).add(place));
  return place;
}

/** @param {number} id */
function forget(id) {
  const place = where.get(id);
  if (!place) return;
  where.delete(id);
  place.ids.delete(id);
  if (place.ids.size === 0) end(place);
  changed("unread");
}

/** @param {Place} place */
function end(place) {
  places.delete(place.key);
  if (place.destination.type === "channel") inChannel.get(place.destination.stream_id).delete(place);
}

/** @param {number} streamId */
function forgetChannel(streamId) {
  for (const place of [...(inChannel.get(streamId) ?? [])]) [...place.ids.keys()].forEach(forget);
}

/** @param {number} id @param {any} event */
function moved(id, event) {
  const place = where.get(id);
  if (place?.destination.type !== "channel") return;
  const { stream_id, topic } = place.destination;
  put(id, destination.channel(event.new_stream_id ?? stream_id, event.subject ?? topic), place.ids.get(id));
}

/** @param {number} id @param {any} row */
function markedUnread(id, row) {
  put(id, row.type === "stream" ? destination.channel(row.stream_id, row.topic) : destination.direct(row.user_ids), row.mentioned ? "named" : "");
}

/** @param {string[]} flags @returns {Mention} */
function mention(flags) {
  if (flags.includes("mentioned")) return "named";
  return flags.some((each) => each.endsWith("wildcard_mentioned")) ? "all" : "";
}

/** @param {Place} place */
const isMuted = ({ destination: to }) => to.type === "channel" && topics.isMuted(to.stream_id, to.topic);

/** @param {Place} place */
function mentionsIn(place) {
  const muted = isMuted(place);
  return sum(place.ids.values(), (each) => Number(each === "named" || (each === "all" && !muted)));
}

/** @param {Place} place */
function newest(place) {
  let found = 0;
  for (const each of place.ids.keys()) found = Math.max(found, each);
  return found;
}

/** @template Each @param {Iterable<Each>} list @param {(each: Each) => number} value */
function sum(list, value) {
  let total = 0;
  for (const each of list) total += value(each);
  return total;
}
