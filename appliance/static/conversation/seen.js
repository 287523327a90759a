/** Messages that were looked at are read. */

import { read } from "../live/reading.js";
import { setting } from "../state/told.js";
import { isAttended, isUnread } from "./list.js";

/** @typedef {import("./list.js").MessageList} MessageList */
/** @typedef {import("../base/place.js").Term} Term */

const ALWAYS = 1, CONVERSATIONS = 2; // values of web_mark_read_on_scroll_policy; the third is never
const READABLE = new Set(["channel", "topic", "dm", "dm-including", "near", "with"]); // others find some messages of many conversations
const READABLE_IS = new Set(["dm", "private", "mentioned", "resolved", "followed"]);

/** Is what is seen there read, when the person wants that? @param {Term[]} terms */
export const isForReading = (terms) =>
  terms.every(({ operator, operand, negated }) => !negated && (READABLE.has(operator) || (operator === "is" && READABLE_IS.has(operand))));

/** @param {Term[]} terms @param {boolean} mixed */
export function marksAsRead(terms, mixed) {
  const policy = setting("web_mark_read_on_scroll_policy");
  return isForReading(terms) && (policy === ALWAYS || (policy === CONVERSATIONS && !mixed));
}

/** Call it after each change of what is in sight. @param {MessageList} list */
export function markSeen(list) {
  if (list.staysUnread || !isAttended() || document.querySelector("dialog[open]")) return;
  const ids = list.scroller.atBottom && list.feed.atNewest ? list.messages().filter(isUnread).map((each) => each.id) : inSight(list);
  if (ids.length > 0) read(ids);
}

/** Unread ones whose end is in sight, or that fill most of the window. @param {MessageList} list */
function inSight(list) {
  const edge = list.element.getBoundingClientRect();
  return list.scroller
    .seen(edge.top, edge.bottom)
    .filter((each) => each.classList.contains("unread"))
    .filter((each) => {
      const { bottom, height } = each.getBoundingClientRect();
      return bottom <= edge.bottom + 1 || height > edge.height / 2;
    })
    .map((each) => Number(each.dataset.id));
}
