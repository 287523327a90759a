/** The button that leads to the newest message, with the number of new ones. */

import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { isUnread } from "./list.js";

/** @typedef {import("./list.js").MessageList} MessageList */

/** @param {MessageList} list @param {() => void} toEnd */
export function jumpButton(list, toEnd) {
  const element = h("button", { type: "button", class: "jump", hidden: true, onclick: toEnd });
  let shown = -1;
  return { element, draw };

  function draw() {
    element.hidden = (list.scroller.atBottom && list.feed.atNewest) || list.feed.ids.length === 0;
    const count = element.hidden ? 0 : unreadBelow(list);
    if (count === shown) return;
    shown = count;
    const label = count ? `Go to the newest message, ${count} unread` : "Go to the newest message";
    element.setAttribute("aria-label", label);
    element.title = label;
    fill(element, icon("down"), count > 0 && h("span", { class: "count" }, String(count)));
  }
}

/** Of those that are loaded. @param {MessageList} list */
function unreadBelow(list) {
  const seen = list.lastInSight();
  return list.messages().filter((each) => each.id > seen && isUnread(each)).length;
}
