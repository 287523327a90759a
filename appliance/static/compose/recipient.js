/** Where a message is to go: the line above the field. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { makeToChannel } from "./to_channel.js";
import { makeToPeople } from "./to_people.js";

/** @typedef {import("../state/destination.js").Destination} Destination */
/** @typedef {"channel" | "direct"} Kind */

/** @param {() => void} onchange @param {() => void} ondone go on with the text */
export function makeRecipient(onchange, ondone) {
  const parts = { channel: makeToChannel(onchange, ondone), direct: makeToPeople(onchange, ondone) };
  let kind = /** @type {Kind} */ ("channel");
  const tabs = { channel: tab("channel", "hash", "To a channel"), direct: tab("direct", "person", "To people") };
  const element = h("div", { class: "recipient" }, h("span", { class: "kinds", role: "group", "aria-label": "Send to" }, Object.values(tabs)), parts.channel.element, parts.direct.element);
  draw();

  /** @param {Kind} to @param {string} picture @param {string} label */
  function tab(to, picture, label) {
    return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: () => (turn(to), onchange(), parts[kind].focus()) }, icon(picture));
  }

  /** @param {Kind} to */
  function turn(to) {
    kind = to;
    draw();
  }

  function draw() {
    for (const each of /** @type {Kind[]} */ (["channel", "direct"])) {
      parts[each].element.hidden = each !== kind;
      tabs[each].setAttribute("aria-pressed", String(each === kind));
    }
  }

  return {
    element,
    /** @returns {Destination | null} null: it is not chosen yet */
    value: () => parts[kind].value(),
    /** @param {Destination | null} destination @param {Kind} [of] what is to be chosen, without a destination */
    set(destination, of = destination?.type ?? kind) {
      parts.channel.set(destination?.type === "channel" ? destination : null);
      parts.direct.set(destination?.type === "direct" ? destination : null);
      turn(of);
    },
    focus: () => parts[kind].focus(),
  };
}
