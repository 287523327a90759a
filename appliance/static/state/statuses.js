/** What people say of themselves for now: "in a meeting". */

import { changed } from "../base/changes.js";

/** @typedef {{status_text?: string, emoji_name?: string, emoji_code?: string, reaction_type?: string}} Status */

const FIELDS = /** @type {const} */ (["status_text", "emoji_name", "emoji_code", "reaction_type"]);
const known = /** @type {Map<number, Status>} */ (new Map());

/** @param {Record<string, any>} told */
export function load(told) {
  known.clear();
  for (const [userId, row] of Object.entries(told.user_status)) put(Number(userId), row);
  changed("statuses");
}

export const events = {
  user_status: (/** @type {any} */ event) => {
    put(event.user_id, { ...known.get(event.user_id), ...event });
    changed("statuses");
  },
  realm_user: (/** @type {any} */ { op, person }) => {
    if (op === "remove") known.delete(person.user_id);
  },
};

/** @param {number} userId @returns {Status | null} null: nothing */
export const of = (userId) => known.get(userId) ?? null;

/** Empty values say nothing; without an emoji's name there is none. @param {number} userId @param {Record<string, any>} row */
function put(userId, row) {
  const names = row.emoji_name ? FIELDS : FIELDS.slice(0, 1);
  const said = names.filter((each) => row[each]).map((each) => [each, row[each]]);
  if (said.length > 0) known.set(userId, Object.fromEntries(said));
  else known.delete(userId);
}
