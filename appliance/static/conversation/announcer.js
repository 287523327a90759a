/** New messages are spoken by screen readers. */

import { h } from "../base/dom.js";
import { rendered } from "../base/html.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";
import { isAttended } from "./list.js";

/** @typedef {import("./list.js").MessageList} MessageList */

const AT_ONCE = 3; // messages: of a flood only the last ones
const LETTERS = 200; // of each

/** @param {MessageList} list */
export function announcer(list) {
  const element = h("div", { class: "unseen", role: "log", "aria-label": "New messages" });
  let last = 0;
  return { element, draw };

  function draw() {
    const { ids, atNewest } = list.feed;
    const newest = ids.at(-1) ?? 0;
    if (last && newest > last && atNewest && isAttended()) say(list.messages().filter((each) => each.id > last && each.sender_id !== me.id()).slice(-AT_ONCE));
    last = Math.max(last, newest);
  }

  /** @param {import("./rows.js").Message[]} found */
  function say(found) {
    for (const each of found) element.append(h("p", null, `${users.name(each.sender_id)}: ${rendered(each.content).textContent.trim().slice(0, LETTERS)}`));
    while (element.children.length > AT_ONCE) element.firstChild.remove();
  }
}
