/** Who is in a channel: asked for once for each that is looked at, and kept right since. */

import { get as ask } from "../base/api.js";
import { changed } from "../base/changes.js";

const MOST = 50; // channels that are kept
const AGAIN = 60_000; // milliseconds after it could not be had

/** @typedef {{members: Set<number> | null}} Entry null: not known yet */

const known = /** @type {Map<number, Entry>} */ (new Map());

export function load() {
  known.clear();
  changed("members");
}

export const events = {
  subscription: (/** @type {any} */ event) => {
    if (event.op === "peer_add") each(event, (members, userId) => members.add(userId));
    if (event.op === "peer_remove") each(event, (members, userId) => members.delete(userId));
    if (event.op === "add" || event.op === "remove") for (const { stream_id } of event.subscriptions) forget(stream_id);
  },
  realm_user: (/** @type {any} */ { person }) => {
    if (person.is_active === false) for (const { members } of known.values()) members?.delete(person.user_id); // nobody says that they left
  },
};

/** "members" says when it has become known. @param {number} streamId @returns {Set<number> | null} */
export function of(streamId) {
  if (!known.has(streamId)) look(streamId);
  return known.get(streamId).members;
}

/** @param {number} streamId */
async function look(streamId) {
  const entry = /** @type {Entry} */ ({ members: null });
  if (known.size >= MOST) known.delete(known.keys().next().value);
  known.set(streamId, entry);
  try {
    const { subscribers } = await ask(`/streams/${streamId}/members`);
    entry.members = new Set(subscribers); // when it was forgotten meanwhile, nobody sees this
    changed("members");
  } catch {
    setTimeout(() => known.get(streamId) === entry && forget(streamId), AGAIN);
  }
}

/** @param {{stream_ids: number[], user_ids: number[]}} event @param {(members: Set<number>, userId: number) => void} change */
function each({ stream_ids, user_ids }, change) {
  for (const streamId of stream_ids) {
    const members = known.get(streamId)?.members;
    if (members) for (const userId of user_ids) change(members, userId);
    else known.delete(streamId); // the answer that is on its way may be too old
  }
  changed("members");
}

/** @param {number} streamId */
function forget(streamId) {
  known.delete(streamId);
  changed("members");
}
