/** What to read next: in the order of the left column, beginning after what is open. */

import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as topics from "../state/topics.js";
import * as unread from "../state/unread.js";
import * as here from "./here.js";

/** @typedef {destinations.Destination} Destination */

/** @param {(streamId: number, topic: string) => boolean} [wanted] @returns {Destination | null} */
export function nextTopic(wanted = () => true) {
  const all = channels.subscribed().map((each) => each.stream_id);
  const at = Math.max(0, all.indexOf(here.channel()));
  for (const streamId of [...all.slice(at), ...all.slice(0, at)]) {
    const found = unreadIn(streamId).find((each) => wanted(streamId, each.topic) && !destinations.same(each, here.destination()));
    if (found) return found;
  }
  return null;
}

/** @param {number} streamId */
function unreadIn(streamId) {
  const rows = unread.topics(streamId).filter(({ topic }) => !topics.isMuted(streamId, topic));
  return rows.map(({ topic }) => ({ type: /** @type {const} */ ("channel"), stream_id: streamId, topic }));
}

/** @returns {Destination | null} */
export function nextDirect() {
  const all = unread.directs().map(({ user_ids }) => ({ type: /** @type {const} */ ("direct"), user_ids }));
  const at = all.findIndex((each) => destinations.same(each, here.destination()));
  return [...all.slice(at + 1), ...all.slice(0, Math.max(0, at))][0] ?? null;
}
