/** Who is mentioned in a message to a channel, and not in it. Subject: "absent". */

import { get } from "../base/api.js";
import { changed } from "../base/changes.js";
import * as users from "../state/users.js";

const MOST = 200; // answers that are remembered
const MENTION = /(?<!_)@\*\*([^*\n]{1,110})\*\*/g;

const answers = /** @type {Map<string, boolean>} */ (new Map()); // "channel:person" -> is in it

/** Ids, as far as it is known; what is not is asked for. @param {number} streamId @param {string} content @returns {number[]} */
export function absent(streamId, content) {
  return mentioned(content).filter((userId) => isIn(streamId, userId) === false);
}

/** It may have changed. @param {number} streamId @param {number[]} userIds */
export function forget(streamId, userIds) {
  for (const each of userIds) answers.delete(`${streamId}:${each}`);
  changed("absent");
}

/** @param {string} content @returns {number[]} */
function mentioned(content) {
  const names = [...content.matchAll(MENTION)].map((each) => each[1]);
  const ids = names.map((name) => Number(/\|(\d+)$/.exec(name)?.[1]) || users.people().find((each) => each.full_name === name)?.user_id);
  return [...new Set(ids)].filter((each) => each && users.get(each).is_active);
}

/** @param {number} streamId @param {number} userId @returns {boolean | undefined} undefined: it is being asked */
function isIn(streamId, userId) {
  const key = `${streamId}:${userId}`;
  if (!answers.has(key)) ask(key, streamId, userId).catch(() => answers.delete(key));
  return answers.get(key);
}

/** @param {string} key @param {number} streamId @param {number} userId */
async function ask(key, streamId, userId) {
  if (answers.size >= MOST) answers.clear();
  answers.set(key, undefined);
  answers.set(key, (await get(`/users/${userId}/subscriptions/${streamId}`)).is_subscribed);
  changed("absent");
}
