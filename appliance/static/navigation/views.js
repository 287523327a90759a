/** The links at the top of the left column. */

import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import * as drafts from "../state/drafts.js";
import * as scheduled from "../state/scheduled.js";
import * as starred from "../state/starred.js";
import { setting } from "../state/told.js";
import * as unread from "../state/unread.js";
import { calm } from "./calm.js";
import * as here from "./here.js";
import { drawRow, makeRow } from "./row.js";

/** @typedef {{text: string, icon: string, hash: string, count?: () => number, unit?: string, seldom?: boolean}} ViewLink `seldom`: only when there is some */

/** @type {ViewLink[]} */
const LINKS = [
  { text: "Inbox", icon: "inbox", hash: "#inbox", count: unread.total },
  { text: "Recent conversations", icon: "clock", hash: "#recent" },
  { text: "All messages", icon: "list", hash: "#feed" },
  { text: "Mentions", icon: "at", hash: "#narrow/is/mentioned", count: unread.mentions },
  { text: "Starred messages", icon: "star", hash: "#narrow/is/starred", count: () => (setting("starred_message_counts") ? starred.count() : 0), unit: "starred" },
  { text: "Drafts", icon: "edit", hash: "#drafts", count: () => drafts.all().length, unit: "kept", seldom: true },
  { text: "Scheduled messages", icon: "later", hash: "#scheduled", count: () => scheduled.all().length, unit: "waiting", seldom: true },
];

/** @returns {HTMLElement} */
export function viewLinks() {
  const list = h("ul", { class: "rows views" });
  const draw = () => keyed(list, LINKS.filter(isShown), (link) => link.hash, (link) => makeRow(line(link)), (item, link) => drawRow(item, line(link)));
  watch(["place", "unread", "drafts", "scheduled", "starred", "settings"], calm(draw));
  draw();
  return list;
}

/** @param {ViewLink} link */
const isShown = (link) => !link.seldom || link.count() > 0 || here.hash() === link.hash;

/** @param {ViewLink} link @returns {import("./row.js").Line} */
function line({ text, icon, hash, count, unit }) {
  return { href: hash, text, lead: icon, count: count?.(), unit, current: here.hash() === hash };
}
