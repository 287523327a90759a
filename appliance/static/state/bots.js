/** Bots that one may look after: one's own, and for administrators all. With their keys. */

import { changed } from "../base/changes.js";

/** @typedef {Record<string, any> & {user_id: number, full_name: string, api_key: string, owner_id: number | null, is_active: boolean}} Bot */

const known = /** @type {Map<number, Bot>} */ (new Map());

/** @param {Record<string, any>} told */
export function load(told) {
  known.clear();
  for (const row of told.realm_bots) known.set(row.user_id, row);
  changed("bots");
}

export const events = {
  realm_bot: (/** @type {any} */ { op, bot }) => {
    if (op === "add") known.set(bot.user_id, bot);
    if (op === "update" && known.has(bot.user_id)) known.set(bot.user_id, { ...known.get(bot.user_id), ...bot });
    if (op === "delete") known.delete(bot.user_id);
    changed("bots");
  },
};

/** @param {number} userId */
export const get = (userId) => known.get(userId);
export const all = () => [...known.values()];
