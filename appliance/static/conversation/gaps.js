/** What stands between messages: the day, the conversation, where the new ones begin. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { day } from "../base/time.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as topics from "../state/topics.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Message} Message */

/** @type {Record<string, (message: Message) => HTMLElement>} */
const GAPS = {
  day: ({ timestamp }) => h("div", { class: "day-line" }, h("h2", null, day(timestamp))),
  unread: () => h("div", { class: "unread-line", role: "separator", "aria-label": "New messages" }, h("span", { "aria-hidden": "true" }, "New")),
  bar: (message) => h("div", { class: barClass(message) }, ...barOf(message)),
};

/** @param {Row} row not of a message */
export const makeGap = (row) => GAPS[row.kind](row.message);

/** @param {Message} message */
export const barClass = (message) => `conversation-bar ${message.type === "private" ? "direct" : ""}`;

/** Which conversation a message is in, as links. @param {Message} message @returns {Node[]} */
export function barOf(message) {
  const destination = destinations.of(message);
  return destination.type === "channel" ? channelBar(destination) : directBar(destination);
}

/** @param {destinations.ToChannel} destination */
function channelBar(destination) {
  const { stream_id: streamId, topic } = destination;
  const inner = [h("span", { class: "channel-mark", style: { color: channels.color(streamId) } }, icon(channels.icon(streamId))), h("span", { dir: "auto" }, channels.name(streamId))];
  const address = destinations.hash(destination);
  return [
    h("a", { class: "bar-channel", href: destinations.channelHash(streamId) }, inner),
    h("h2", null, h("a", { class: ["bar-topic", !topic && "no-topic"], href: address, dir: "auto" }, topics.shown(topic))),
  ];
}

/** @param {destinations.ToPeople} destination */
function directBar(destination) {
  const names = destinations.title(destination);
  return [h("h2", null, h("a", { class: "bar-topic", href: destinations.hash(destination) }, icon("person"), h("span", { dir: "auto" }, names)))];
}
