/** Where there are several conversations, the one of the first message in sight stays at the top. */

import { fill, h } from "../base/dom.js";
import { of as destinationOf, key } from "../state/destination.js";
import * as messages from "../state/messages.js";
import { barClass, barOf } from "./gaps.js";

/** @typedef {import("./list.js").MessageList} MessageList */

/** @param {MessageList} list */
export function floatingBar(list) {
  // The bars between the messages say the same: whoever listens, or goes by keys, has those.
  const element = h("div", { "aria-hidden": "true", hidden: true });
  let shown = "";
  return { element, draw };

  function draw() {
    if (!list.mixed) return;
    const message = messages.get(list.firstInSight());
    element.hidden = !message || list.element.scrollTop === 0 || list.scroller.startsWith(".conversation-bar, .day-line");
    const now = message ? key(destinationOf(message)) : "";
    if (element.hidden || now === shown) return;
    shown = now;
    element.className = `${barClass(message)} floating`;
    fill(element, barOf(message));
    for (const each of element.querySelectorAll("a")) each.tabIndex = -1;
  }
}
