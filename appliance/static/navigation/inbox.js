/** The inbox: all that is unread, by conversation. */

import { watch } from "../base/changes.js";
import { fill, h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { markRead } from "../live/reading.js";
import { choice } from "../parts/field.js";
import { failed } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as muted from "../state/muted.js";
import * as topics from "../state/topics.js";
import * as unread from "../state/unread.js";
import { calm } from "./calm.js";
import { drawRow, makeRow, rowButton } from "./row.js";
import { walk } from "./walk.js";

/** @typedef {import("./row.js").Line} Line */
/** @typedef {{key: string, line: Line, read: () => Promise<void>}} Entry */
/** @typedef {{key: string, head: Line, read: () => Promise<void>, entries: Entry[]}} Part a channel, or all direct messages */
/** @typedef {"all" | "unmuted" | "followed"} Scope */

/** @type {{value: Scope, text: string}[]} */
const SCOPES = [
  { value: "unmuted", text: "What is not muted" },
  { value: "followed", text: "Followed topics" },
  { value: "all", text: "All topics" },
];
let scope = /** @type {Scope} */ ("unmuted"); // as long as the page is open

/** @param {HTMLElement} root */
export function open(root) {
  const list = h("div");
  const nothing = h("p", { class: "empty" });
  const field = h("input", { type: "search", placeholder: "Find a conversation", "aria-label": "Find a conversation", dir: "auto", oninput: () => draw() });
  const select = choice(SCOPES, scope, (value) => {
    scope = value;
    draw();
  });
  select.setAttribute("aria-label", "Which topics");
  const view = h("div", { class: "view inbox" }, h("div", { class: "view-head" }, field, select), list, nothing);
  const scroll = h("div", { class: "scroll", tabindex: "-1" }, view);
  fill(root, scroll);

  function draw() {
    const parts = sought(gathered(scope), field.value.trim().toLowerCase());
    keyed(list, parts, ({ key }) => key, makePart, drawPart);
    nothing.hidden = parts.length > 0;
    nothing.textContent = field.value ? "Nothing unread is called that." : "You have read everything. New messages will show up here.";
  }
  const stops = [watch(["unread", "channels", "topics", "users", "muted"], calm(draw)), walk(list, ".row-link")];
  draw();
  return { title: "Inbox", close: () => stops.forEach((stop) => stop()), focus: () => scroll.focus({ preventScroll: true }) };
}

/** @param {Scope} scope @returns {Part[]} */
function gathered(scope) {
  const mine = new Set(unread.ofChannels().keys());
  const rows = channels.subscribed().filter(({ stream_id: id }) => mine.has(id));
  return [...(scope === "followed" ? [] : ofDirects()), ...rows.flatMap(({ stream_id: id }) => ofChannel(id, scope))];
}

/** @returns {Part[]} */
function ofDirects() {
  const rows = unread.directs().filter(({ user_ids }) => !user_ids.some(muted.isMuted));
  if (!rows.length) return [];
  const entries = rows.map(({ user_ids, count }) => {
    const to = /** @type {const} */ ({ type: "direct", user_ids });
    return entry(to, { href: destinations.hash(to), text: destinations.title(to), count });
  });
  const read = async () => {
    for (const each of entries) await each.read();
  };
  return [{ key: "direct", head: { href: "#narrow/is/dm", text: "Direct messages", lead: "person", count: sum(rows) }, read, entries }];
}

/** @param {number} streamId @param {Scope} scope @returns {Part[]} */
function ofChannel(streamId, scope) {
  const rows = unread.topics(streamId).filter(({ topic }) => isWanted(scope, streamId, topic));
  if (!rows.length) return [];
  const entries = rows.map(({ topic, count, mentions }) => {
    const to = /** @type {const} */ ({ type: "channel", stream_id: streamId, topic });
    const mark = topics.policy(streamId, topic) === topics.FOLLOWED ? "eye" : undefined;
    return entry(to, { href: destinations.hash(to), text: topics.shown(topic), count, mentioned: mentions > 0, mark, quiet: topics.isMuted(streamId, topic) });
  });
  const head = { href: destinations.channelHash(streamId), text: channels.name(streamId), lead: channels.icon(streamId), color: channels.color(streamId), count: sum(rows) };
  return [{ key: String(streamId), head, read: () => markRead({ type: "channel", stream_id: streamId }), entries }];
}

/** @param {Scope} scope @param {number} streamId @param {string} topic */
function isWanted(scope, streamId, topic) {
  if (scope === "followed") return topics.policy(streamId, topic) === topics.FOLLOWED;
  return scope === "all" || !topics.isMuted(streamId, topic);
}

/** @param {destinations.Destination} to @param {Line} line @returns {Entry} */
const entry = (to, line) => ({ key: destinations.key(to), line, read: () => markRead(to) });

/** @param {{count: number}[]} rows */
const sum = (rows) => rows.reduce((all, { count }) => all + count, 0);

/** @param {Part[]} parts @param {string} text */
function sought(parts, text) {
  if (!text) return parts;
  const fits = (/** @type {Line} */ line) => line.text.toLowerCase().includes(text);
  const found = parts.map((part) => (fits(part.head) ? part : { ...part, entries: part.entries.filter(({ line }) => fits(line)) }));
  return found.filter(({ entries }) => entries.length);
}

/** @param {Part} part */
function makePart(part) {
  const list = h("ul", { class: "rows" });
  const head = makeEntry({ key: "", line: part.head, read: part.read });
  const element = h("section", { class: "inbox-part", "aria-label": `Unread: ${part.head.text}` }, h("ul", { class: "rows inbox-head" }, head), list);
  drawPart(element, part);
  return element;
}

/** @param {HTMLElement} element @param {Part} part */
function drawPart(element, part) {
  drawEntry(element.querySelector(".inbox-head > li"), { key: "", line: part.head, read: part.read });
  keyed(element.lastElementChild, part.entries, ({ key }) => key, makeEntry, drawEntry);
}

/** @param {Entry} entry */
function makeEntry(entry) {
  const button = rowButton("check", `Mark ${entry.line.text} as read`, () => item.read().catch(failed));
  const item = /** @type {HTMLElement & {read: () => Promise<void>}} */ (makeRow(entry.line, { buttons: [button], lead: icon }));
  drawEntry(item, entry);
  return item;
}

/** @param {HTMLElement} item @param {Entry} entry */
function drawEntry(item, entry) {
  /** @type {any} */ (item).read = entry.read;
  drawRow(item, entry.line);
}
