/** Channels: which there are, and what they are to oneself. */

import { changed } from "../base/changes.js";
import * as groups from "./groups.js";
import * as me from "./me.js";
import { plain } from "./users.js";

/**
 * @typedef {object} Channel as of the API; what is only in a subscription stays after one has left
 * @property {number} stream_id
 * @property {string} name
 * @property {boolean} subscribed
 * @property {string} description
 * @property {string} rendered_description
 * @property {number} date_created
 * @property {number | null} creator_id
 * @property {number | null} first_message_id
 * @property {boolean} invite_only
 * @property {boolean} is_web_public
 * @property {boolean} is_archived
 * @property {boolean} is_recently_active
 * @property {boolean} history_public_to_subscribers
 * @property {number | null} message_retention_days
 * @property {number | null} stream_weekly_traffic
 * @property {groups.GroupSetting} can_add_subscribers_group
 * @property {groups.GroupSetting} can_administer_channel_group
 * @property {groups.GroupSetting} can_remove_subscribers_group
 * @property {groups.GroupSetting} can_send_message_group
 * @property {groups.GroupSetting} can_subscribe_group
 * @property {string} [color]
 * @property {boolean} [is_muted]
 * @property {boolean} [pin_to_top]
 * @property {boolean | null} [desktop_notifications] null, as with the next: as one's own setting says
 * @property {boolean | null} [audible_notifications]
 * @property {boolean | null} [push_notifications]
 * @property {boolean | null} [email_notifications]
 * @property {boolean | null} [wildcard_mentions_notify]
 */

const known = /** @type {Map<number, Channel>} */ (new Map());
const COLOR = "#94a3b8"; // of a channel that one has never been in

/** @param {Record<string, any>} told */
export function load(told) {
  known.clear();
  for (const row of told.streams) known.set(row.stream_id, { ...row, subscribed: false });
  for (const row of [...told.never_subscribed, ...told.unsubscribed]) known.set(row.stream_id, { ...row, subscribed: false });
  for (const row of told.subscriptions) known.set(row.stream_id, { ...row, subscribed: true });
  said();
}

export const events = {
  stream: (/** @type {any} */ event) => {
    if (event.op === "create") for (const row of event.streams) put({ ...known.get(row.stream_id), ...row });
    if (event.op === "delete") for (const each of event.stream_ids) known.delete(each);
    if (event.op === "update") update(event.stream_id, { [event.property]: event.value, ...beside(event) });
    said();
  },
  subscription: (/** @type {any} */ event) => {
    if (event.op === "add") for (const { subscribers: _, ...row } of event.subscriptions) put({ ...row, subscribed: true });
    if (event.op === "remove") for (const each of event.subscriptions) update(each.stream_id, { subscribed: false });
    if (event.op === "update") update(event.stream_id, { [event.property]: event.value });
    if (event.op === "add" || event.op === "remove" || event.op === "update") said();
  },
};

/** @param {number} streamId @returns {Channel | undefined} */
export const get = (streamId) => known.get(streamId);

/** @param {number} streamId */
export const name = (streamId) => known.get(streamId)?.name ?? "Unknown channel";

/** All that one may know of, archived ones among them, by name. */
export const all = () => (sorted ??= [...known.values()].sort(byName));

/** Those that one is in: pinned ones first, then by name. */
export const subscribed = () =>
  (mine ??= all()
    .filter((each) => each.subscribed && !each.is_archived)
    .sort((one, other) => Number(other.pin_to_top) - Number(one.pin_to_top) || byName(one, other)));

/** @param {number} streamId */
export const isSubscribed = (streamId) => known.get(streamId)?.subscribed ?? false;

/** @param {number} streamId */
export const isMuted = (streamId) => (isSubscribed(streamId) && known.get(streamId).is_muted) || false;

/** One's own first, then by how the name fits. Archived ones are left out. @param {string} text @param {number} [limit] */
export function search(text, limit = 10) {
  const asked = plain(text.trim().replace(/^#/, ""));
  const ranked = all()
    .filter((each) => !each.is_archived && plain(each.name).includes(asked))
    .map((row) => ({ row, rank: (row.subscribed ? 0 : 1) + (plain(row.name).startsWith(asked) ? 0 : 2) }));
  return ranked.sort((one, other) => one.rank - other.rank).slice(0, limit).map((each) => each.row);
}

/** @param {number} streamId */
export function mayPost(streamId) {
  const row = known.get(streamId);
  return !!row && !row.is_archived && groups.covers(row.can_send_message_group, me.id());
}

/** The name of an icon. @param {number} streamId @returns {"hash" | "lock" | "globe"} */
export function icon(streamId) {
  const row = known.get(streamId);
  if (row?.invite_only) return "lock";
  return row?.is_web_public ? "globe" : "hash";
}

/** @param {number} streamId @returns {string} for CSS */
export const color = (streamId) => known.get(streamId)?.color ?? COLOR;

/** @type {Channel[] | null} */
let sorted = null;
/** @type {Channel[] | null} */
let mine = null;

function said() {
  sorted = mine = null;
  changed("channels");
}

/** @param {any} row */
function put(row) {
  known.set(row.stream_id, { ...row, subscribed: row.subscribed ?? false });
}

/** @param {number} streamId @param {Record<string, any>} fields */
function update(streamId, fields) {
  const row = known.get(streamId);
  if (row) known.set(streamId, { ...row, ...fields });
}

/** What an event says besides the property. @param {any} event */
function beside(event) {
  const names = ["rendered_description", "history_public_to_subscribers", "is_web_public"];
  return Object.fromEntries(names.filter((each) => each in event).map((each) => [each, event[each]]));
}

const order = new Intl.Collator(undefined, { numeric: true });

/** @param {Channel} one @param {Channel} other */
const byName = (one, other) => order.compare(one.name, other.name);
