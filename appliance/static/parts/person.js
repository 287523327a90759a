/** Somebody's card, which is fetched when it is wanted for the first time. */

import { failed } from "./toast.js";

/** @param {Element} anchor what it is shown beside @param {number} userId */
export function openPerson(anchor, userId) {
  import("./card.js").then(({ openCard }) => openCard(anchor, userId)).catch(failed);
}
