/** Who is here. */

import { changed } from "../base/changes.js";
import { told as toldOf } from "./told.js";

/** @typedef {{active_timestamp?: number, idle_timestamp?: number}} Seen Unix seconds */

const seen = /** @type {Map<number, Seen>} */ (new Map());
let newest = -1;
let ahead = 0; // seconds of the server's clock before ours

/** @param {Record<string, any>} told */
export function load(told) {
  seen.clear();
  take(told);
}

/** @param {Record<string, any>} answer of POST /users/me/presence, or of POST /register: all, or what is new */
export function take(answer) {
  ahead = answer.server_timestamp - Date.now() / 1000;
  newest = answer.presence_last_update_id;
  put(answer.presences);
}

export const events = {
  presence: (/** @type {any} */ event) => put(event.presences),
  realm_user: (/** @type {any} */ { op, person }) => {
    if (op === "remove" || person.is_active === false) seen.delete(person.user_id);
  },
};

/** What to ask for: all that is newer. */
export const lastUpdateId = () => newest;

/** @param {number} userId @returns {"active" | "idle" | "offline"} */
export function of(userId) {
  const { active_timestamp: active = 0, idle_timestamp: idle = 0 } = seen.get(userId) ?? {};
  const since = Date.now() / 1000 + ahead - toldOf("server_presence_offline_threshold_seconds");
  if (active > since) return "active";
  return idle > since ? "idle" : "offline";
}

/** Milliseconds since 1970; 0: not known. @param {number} userId */
export function lastSeen(userId) {
  const { active_timestamp: active = 0, idle_timestamp: idle = 0 } = seen.get(userId) ?? {};
  return Math.max(active, idle) * 1000;
}

/** @param {Record<string, Seen>} presences */
function put(presences) {
  for (const [userId, row] of Object.entries(presences)) seen.set(Number(userId), row);
  changed("presence");
}
