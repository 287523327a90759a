/** The channels that one is in, in the left column; below each its topics, when they are wanted. */

import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { failed } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import { channelHash } from "../state/destination.js";
import { setting } from "../state/told.js";
import * as unread from "../state/unread.js";
import { calm } from "./calm.js";
import * as here from "./here.js";
import { channelMenu } from "./menus.js";
import { newTopic, open as openChannel } from "./open_channel.js";
import { badge, drawRow, makeRow, rowButton } from "./row.js";
import { makeSection } from "./section.js";

/** @typedef {{stream_id: number, name: string, pin_to_top: boolean}} Channel */
/** @typedef {HTMLElement & {topics?: {element: HTMLElement, draw: () => void, close: () => void}}} Unfolding a channel's line, with its topics while they are shown */
/** @typedef {{section: ReturnType<typeof makeSection>, list: HTMLElement, has: (channel: Channel) => boolean}} Folder */

/** `folded`: at first. */
const FOLDERS = [
  { name: "pinned", title: "Pinned", has: (/** @type {Channel} */ each) => each.pin_to_top },
  { name: "channels", title: "Channels", has: (/** @type {Channel} */ each) => !each.pin_to_top && !channels.isMuted(each.stream_id) },
  { name: "muted", title: "Muted", has: (/** @type {Channel} */ each) => !each.pin_to_top && channels.isMuted(each.stream_id), folded: true },
];

const expanded = /** @type {Set<number>} */ (new Set()); // by hand
const closed = /** @type {Set<number>} */ (new Set()); // by hand, although it is open
let sought = "";
let counts = unread.ofChannels(); // as of this drawing

/** @returns {{element: HTMLElement, filter: (text: string) => void}} */
export function channelList() {
  const folders = FOLDERS.map(makeFolder);
  const nothing = h("p", { class: "sidebar-note" });
  const draw = () => drawAll(folders, nothing);
  watch(["place", "unread", "channels", "topics", "settings"], calm(draw));
  draw();
  return {
    element: h("div", { class: "folders" }, folders.map(({ section }) => section.element), nothing),
    filter(text) {
      sought = text;
      draw();
    },
  };
}

/** @param {typeof FOLDERS[number]} asked @returns {Folder} */
function makeFolder({ name, title, has, folded }) {
  const list = h("ul", { class: "rows" });
  const buttons = name === "channels" ? [browseLink()] : [];
  return { section: makeSection({ name, title, list, folded, buttons }), list, has };
}

function browseLink() {
  return h("a", { class: "button icon-button row-button", href: "#channels/all", "aria-label": "Find or make channels", title: "Find or make channels" }, icon("plus"));
}

/** @param {Folder[]} folders @param {HTMLElement} nothing */
function drawAll(folders, nothing) {
  const all = /** @type {Channel[]} */ (channels.subscribed());
  counts = unread.ofChannels();
  const wanted = sought ? all.filter(({ name }) => name.toLowerCase().includes(sought)) : all;
  for (const folder of folders) drawFolder(folder, wanted.filter(folder.has));
  nothing.hidden = wanted.length > 0;
  nothing.textContent = sought ? "No channel of yours is called that." : "You are in no channel yet. “+” shows which there are.";
}

/** @param {Folder} folder @param {Channel[]} rows */
function drawFolder({ section, list, has }, rows) {
  const isChannels = has === FOLDERS[1].has;
  section.element.hidden = !rows.length && (!isChannels || Boolean(sought));
  if (sought) section.show(true);
  else section.restore();
  keyed(list, rows, ({ stream_id, name }) => `${stream_id} ${name}`, makeChannel, drawChannel); // its buttons have its name
  const count = section.isOpen() ? 0 : rows.reduce((sum, { stream_id }) => sum + (counts.get(stream_id) ?? 0), 0);
  section.news.replaceChildren(badge(count, { quiet: !isChannels }) ?? "");
}

/** @param {Channel} channel */
function makeChannel(channel) {
  const id = channel.stream_id;
  const buttons = [
    rowButton("plus", `New topic in ${channel.name}`, () => newTopic(id)),
    rowButton("more", `More about ${channel.name}`, (button) => channelMenu(button, id)),
  ];
  const item = makeRow(line(channel), { class: "channel", lead: () => icon(channels.icon(id)), buttons, onclick: (event) => openChannel(event, id) });
  const toggle = h("button", { type: "button", class: "icon-button row-fold", onclick: () => fold(item, channel) }, icon("right"));
  item.querySelector(".row").prepend(toggle);
  drawTopics(item, channel);
  return item;
}

/** @param {HTMLElement} item @param {Channel} channel */
function drawChannel(item, channel) {
  drawRow(item, line(channel));
  drawTopics(item, channel);
}

/** @param {Channel} channel @returns {import("./row.js").Line} */
function line({ stream_id: id, name }) {
  const muted = channels.isMuted(id);
  return {
    href: channelHash(id),
    text: name,
    lead: channels.icon(id),
    color: channels.color(id),
    count: showsCount(muted) ? (counts.get(id) ?? 0) : 0,
    quiet: muted,
    current: here.channel() === id && here.isWholeChannel(),
  };
}

/** The setting: 1 for all channels, 2 for those that are not muted, 3 for none. @param {boolean} muted */
function showsCount(muted) {
  const policy = setting("web_stream_unreads_count_display_policy") ?? 2;
  return policy === 1 || (policy === 2 && !muted);
}

/** @param {HTMLElement} item @param {Channel} channel */
function drawTopics(item, { stream_id: id, name }) {
  const open = expanded.has(id) || (here.channel() === id && !closed.has(id));
  const toggle = item.querySelector(".row-fold");
  toggle.setAttribute("aria-expanded", String(open));
  toggle.setAttribute("aria-label", `Topics of ${name}`);
  const known = /** @type {Unfolding} */ (item);
  if (open && !known.topics) unfold(known, id).catch(failed);
  else if (!open && known.topics) refold(known);
  else known.topics?.draw();
}

/** @param {Unfolding} item @param {number} streamId */
async function unfold(item, streamId) {
  const { topicList } = await import("./topic_list.js");
  const open = item.querySelector(".row-fold").getAttribute("aria-expanded") === "true";
  if (!open || item.topics) return; // meanwhile
  item.topics = topicList(streamId);
  item.append(item.topics.element);
}

/** @param {Unfolding} item */
function refold(item) {
  item.topics.element.remove();
  item.topics.close();
  item.topics = undefined;
}

/** @param {HTMLElement} item @param {Channel} channel */
function fold(item, channel) {
  const id = channel.stream_id;
  const open = item.querySelector(".row-fold").getAttribute("aria-expanded") === "true";
  expanded[open ? "delete" : "add"](id);
  closed[open ? "add" : "delete"](id);
  drawTopics(item, channel);
}
