/** The topics of one channel, in the left column: the newest and what is unread, or all with a field to find one. */

import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { failed } from "../parts/toast.js";
import * as destinations from "../state/destination.js";
import * as topics from "../state/topics.js";
import * as unread from "../state/unread.js";
import * as here from "./here.js";
import { topicMenu } from "./menus.js";
import { drawRow, makeRow, rowButton } from "./row.js";

const FEW = 5;
const FEW_UNREAD = 8; // with something unread
const MANY = 200; // lines; the field finds the others

/** @typedef {{name: string, count: number, mentions: number, current: boolean, policy: number, quiet: boolean}} Topic */

/** @param {number} streamId @returns {{element: HTMLElement, draw: () => void, close: () => void}} */
export function topicList(streamId) {
  let rows = /** @type {{name: string}[]} */ ([]);
  let all = false;
  const list = h("ul", { class: "rows" });
  const field = h("input", { type: "search", placeholder: "Find a topic", "aria-label": "Find a topic", dir: "auto", hidden: true, oninput: draw });
  const more = h("button", { type: "button", class: "row-more", onclick: toggle });

  function toggle() {
    all = !all;
    field.hidden = !all;
    field.value = "";
    draw();
    if (all) field.focus();
  }
  function draw() {
    const found = gathered(streamId, rows);
    const shown = all ? sought(found, field.value) : few(found);
    keyed(list, shown, ({ name }) => name.toLowerCase(), (topic) => make(streamId, topic), (item, topic) => drawRow(item, line(streamId, topic)));
    const left = found.length - shown.length;
    more.hidden = !all && left <= 0;
    more.textContent = all ? "Show fewer topics" : `${left} more ${left === 1 ? "topic" : "topics"}`;
  }
  function refresh() {
    topics.recent(streamId).then((told) => ((rows = told), draw()), failed);
  }
  const close = watch(["topics"], refresh);
  draw();
  refresh();
  return { element: h("div", { class: "topics" }, field, list, more), draw, close };
}

/** Newest first, muted ones last. @param {number} streamId @param {{name: string}[]} rows @returns {Topic[]} */
function gathered(streamId, rows) {
  const open = here.channel() === streamId ? here.destination() : null;
  const openName = open?.type === "channel" ? open.topic : null;
  const counts = new Map(unread.topics(streamId).map((each) => [each.topic.toLowerCase(), each]));
  const names = new Map(rows.map(({ name }) => [name.toLowerCase(), name]));
  for (const [key, { topic }] of counts) if (!names.has(key)) names.set(key, topic);
  if (openName !== null && !names.has(openName.toLowerCase())) names.set(openName.toLowerCase(), openName);
  const found = [...names].map(([key, name]) => ({
    name,
    count: counts.get(key)?.count ?? 0,
    mentions: counts.get(key)?.mentions ?? 0,
    current: key === openName?.toLowerCase(),
    policy: topics.policy(streamId, name),
    quiet: topics.isMuted(streamId, name),
  }));
  return [...found.filter(({ quiet }) => !quiet), ...found.filter(({ quiet }) => quiet)];
}

/** What is shown without being asked. @param {Topic[]} found */
function few(found) {
  let unreadLeft = FEW_UNREAD;
  return found.filter((topic, at) => topic.current || at < FEW || (topic.count > 0 && !topic.quiet && unreadLeft-- > 0));
}

/** @param {Topic[]} found @param {string} text */
function sought(found, text) {
  const wanted = text.trim().toLowerCase();
  return found.filter(({ name }) => topics.shown(name).toLowerCase().includes(wanted)).slice(0, MANY);
}

/** @param {number} streamId @param {Topic} topic */
function make(streamId, topic) {
  const button = rowButton("more", `More about ${topics.shown(topic.name)}`, (anchor) => topicMenu(anchor, streamId, topic.name));
  return makeRow(line(streamId, topic), { class: "topic", buttons: [button] });
}

/** @param {number} streamId @param {Topic} topic @returns {import("./row.js").Line} */
function line(streamId, { name, count, mentions, current, policy, quiet }) {
  return {
    href: destinations.hash({ type: "channel", stream_id: streamId, topic: name }),
    text: topics.shown(name),
    mark: policy === topics.FOLLOWED ? "eye" : policy === topics.MUTED ? "mute" : undefined,
    mentioned: mentions > 0,
    count,
    current,
    quiet,
  };
}
