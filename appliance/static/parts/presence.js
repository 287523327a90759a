/** The dot that says whether somebody is there. */

import { h } from "../base/dom.js";
import * as presence from "../state/presence.js";
import * as users from "../state/users.js";

/** @param {number} userId @returns {string} "active", "idle", "offline" or "bot" */
export const presenceOf = (userId) => (users.get(userId).is_bot ? "bot" : presence.of(userId));

/** Spoken along with the name beside it. @param {string} state as of `presenceOf` */
export function dot(state) {
  return h("span", { class: ["presence", state] }, state !== "bot" && h("span", { class: "unseen" }, `${state}: `));
}
