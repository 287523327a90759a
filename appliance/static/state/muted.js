/** People whom one has muted. */

import { changed } from "../base/changes.js";

let ids = /** @type {Set<number>} */ (new Set());

/** @param {{muted_users: {id: number}[]}} told the register's answer, or the event: it lists all */
function put({ muted_users: rows }) {
  ids = new Set(rows.map((each) => each.id));
  changed("muted");
}

/** @param {Record<string, any>} told */
export const load = (told) => put(/** @type {any} */ (told));
export const events = { muted_users: put };

/** @param {number} userId */
export const isMuted = (userId) => ids.has(userId);
export const all = () => [...ids];
