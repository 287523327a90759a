/** Answers that a bot offers: pressing one sends it. */

import { h } from "../base/dom.js";
import { send } from "../live/outbox.js";
import { of as destinationOf } from "../state/destination.js";

/** @param {import("./rows.js").Message} message @param {any} extra */
export function choicesOf(message, extra) {
  const offered = /** @type {any[]} */ (extra.choices ?? []);
  const buttons = offered.map((each) => h("button", { type: "button", title: each.reply, onclick: () => send(destinationOf(message), each.reply) }, `${each.short_name} · ${each.long_name}`));
  return h("div", { class: "widget choices" }, h("p", { class: "widget-title", dir: "auto" }, extra.heading ?? ""), buttons);
}
