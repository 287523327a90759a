/** Channels of which one wants to hear more, or less, than of the others. */

import { post } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { choice, field } from "../parts/field.js";
import * as channels from "../state/channels.js";
import { cell, head, ofAllChannels, WAYS } from "./notification_table.js";
import { save } from "./saving.js";

/** @typedef {channels.Channel} Channel */
/** @typedef {typeof WAYS[number]} Way */

/** @param {HTMLElement} panel @returns {() => void} */
export function drawChannelNotices(panel) {
  const root = h("section", { "aria-label": "Channels of their own" });
  const added = /** @type {Set<number>} */ (new Set()); // and not yet other than the rest
  panel.append(root);
  draw();
  return watch(["channels", "settings"], draw);

  function draw() {
    const focused = root.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    const mine = channels.subscribed().filter((each) => added.has(each.stream_id) || isOther(each));
    const rest = channels.subscribed().filter((each) => !mine.includes(each));
    fill(root, h("h3", null, "Single channels"), mine.length > 0 && table(mine, (id) => added.delete(id)), picker(rest, add));
    if (focused) [...root.querySelectorAll("input")].find((each) => each.getAttribute("aria-label") === focused)?.focus();
  }

  /** @param {number} streamId */
  function add(streamId) {
    added.add(streamId);
    draw();
  }
}

/** Has it anything that all channels have otherwise? @param {Channel} channel */
const isOther = (channel) => WAYS.some((way) => value(channel, way) !== ofAllChannels(way.name));

/** @param {Channel} channel @param {Way} way @returns {boolean} */
const value = (channel, way) => /** @type {Record<string, any>} */ (channel)[way.property] ?? ofAllChannels(way.name);

/** @param {Channel[]} rows @param {(streamId: number) => void} dropped */
function table(rows, dropped) {
  const body = h("tbody", null, rows.map((each) => row(each, dropped)));
  return h("div", { class: "settings-wide" }, h("table", { class: "settings-table" }, head("Channel"), body));
}

/** @param {Channel} channel @param {(streamId: number) => void} dropped */
function row(channel, dropped) {
  const cells = WAYS.map((way) => cell(box(channel, way)));
  const label = `${channel.name}: as all channels`;
  const reset = h("button", { type: "button", class: "icon-button", "aria-label": label, title: "As all channels", onclick: asAll }, icon("close"));
  const name = h("span", { class: "settings-channel" }, icon(channels.icon(channel.stream_id)), h("bdi", null, channel.name), reset);
  return h("tr", null, h("th", { scope: "row" }, name, channel.is_muted && h("small", null, "Muted")), cells);

  function asAll() {
    dropped(channel.stream_id);
    tell(channel.stream_id, WAYS.map((way) => ({ property: way.property, value: ofAllChannels(way.name) })));
  }
}

/** @param {Channel} channel @param {Way} way */
function box(channel, way) {
  const made = h("input", { type: "checkbox", "aria-label": `${channel.name}: ${way.title}`, checked: value(channel, way), onchange: told });
  return made;

  async function told() {
    if (!(await tell(channel.stream_id, [{ property: way.property, value: made.checked }]))) made.checked = value(channel, way);
  }
}

/** @param {number} streamId @param {{property: string, value: boolean}[]} changes */
const tell = (streamId, changes) =>
  save(() => post("/users/me/subscriptions/properties", { subscription_data: changes.map((each) => ({ stream_id: streamId, ...each })) }));

/** @param {Channel[]} rest @param {(streamId: number) => void} add */
function picker(rest, add) {
  const options = rest.map((each) => ({ value: each.stream_id, text: each.name }));
  return field("Choose otherwise for a channel", choice([{ value: 0, text: "Choose…" }, ...options], 0, (id) => id && add(id)));
}
