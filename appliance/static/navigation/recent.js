/** Recent conversations: where something was written lately, the last one first. */

import { watch } from "../base/changes.js";
import { fill, h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { ago } from "../base/time.js";
import { avatar } from "../parts/avatar.js";
import { failed } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import * as conversations from "../state/conversations.js";
import * as destinations from "../state/destination.js";
import * as me from "../state/me.js";
import * as muted from "../state/muted.js";
import * as topics from "../state/topics.js";
import * as unread from "../state/unread.js";
import * as users from "../state/users.js";
import { calm } from "./calm.js";
import { badge } from "./row.js";
import { walk } from "./walk.js";

await style("lists");

const PAGE = 60; // lines
const FACES = 4;
const MINUTE = 60_000; // milliseconds

/** @typedef {import("../state/conversations.js").Conversation} Conversation */

/** @type {Record<string, {text: string, has: (each: Conversation) => boolean}>} */
const FILTERS = {
  unread: { text: "Unread", has: (each) => count(each) > 0 },
  taking: { text: "I took part", has: (each) => each.participants.includes(me.id()) },
  directs: { text: "Direct messages", has: (each) => each.destination.type === "direct" },
};
const on = /** @type {Set<string>} */ (new Set()); // as long as the page is open

/** @param {HTMLElement} root */
export function open(root) {
  let limit = PAGE;
  const list = h("ul", { class: "recent" });
  const nothing = h("p", { class: "empty" });
  const more = h("button", { type: "button", onclick: () => further().catch(failed) }, "Show older conversations");
  const field = h("input", { type: "search", placeholder: "Find a conversation", "aria-label": "Find a conversation", dir: "auto", oninput: () => draw() });
  const scroll = h("div", { class: "scroll", tabindex: "-1" }, h("div", { class: "view" }, h("div", { class: "view-head" }, field, Object.keys(FILTERS).map((each) => filterButton(each, () => draw()))), list, nothing, more));
  fill(root, scroll);

  async function further() {
    limit += PAGE;
    await conversations.older();
    draw();
  }
  function draw() {
    const found = conversations.recent(Infinity).filter((each) => isWanted(each, field.value.trim().toLowerCase()));
    keyed(list, found.slice(0, limit), ({ key }) => key, make, update);
    more.hidden = found.length <= limit && conversations.isComplete();
    const asked = field.value !== "" || on.size > 0;
    nothing.hidden = found.length > 0 || (!asked && !conversations.isComplete()); // they are still being fetched
    nothing.textContent = asked ? "There is no such conversation lately." : "Nobody has written anything lately.";
  }
  const timer = setInterval(draw, MINUTE);
  const stops = [watch(["conversations", "unread", "users", "channels", "topics", "muted"], calm(draw, 500)), walk(list, ".recent-row")];
  draw();
  return { title: "Recent conversations", close: () => (clearInterval(timer), stops.forEach((stop) => stop())), focus: () => scroll.focus({ preventScroll: true }) };
}

/** @param {string} name @param {() => void} draw */
function filterButton(name, draw) {
  const button = h("button", { type: "button", "aria-pressed": String(on.has(name)), class: "filter", onclick: toggle }, FILTERS[name].text);
  function toggle() {
    on[on.has(name) ? "delete" : "add"](name);
    button.setAttribute("aria-pressed", String(on.has(name)));
    draw();
  }
  return button;
}

/** @param {Conversation} each @param {string} text */
function isWanted(each, text) {
  return !isMuted(each) && [...on].every((name) => FILTERS[name].has(each)) && destinations.title(each.destination).toLowerCase().includes(text);
}

/** @param {Conversation} each */
const isMuted = ({ destination: to }) => (to.type === "channel" ? topics.isMuted(to.stream_id, to.topic) : to.user_ids.some(muted.isMuted));

/** @param {Conversation} each */
const count = ({ destination: to }) => (to.type === "channel" ? unread.ofTopic(to.stream_id, to.topic) : unread.ofDirect(to.user_ids));

/** @param {Conversation} conversation */
function make(conversation) {
  const item = h("li", null, h("a", { class: "recent-row" }));
  update(item, conversation);
  return item;
}

/** @param {HTMLElement & {drawn?: string}} item @param {Conversation} each */
function update(item, each) {
  const { destination: to, participants } = each;
  const when = Date.now() / 1000 - each.at < 60 ? "now" : ago(each.at);
  const drawn = JSON.stringify([destinations.title(to), count(each), when, participants.slice(0, FACES)]);
  if (item.drawn === drawn) return;
  item.drawn = drawn;
  item.classList.toggle("news", count(each) > 0);
  const link = item.querySelector("a");
  link.href = destinations.hash(to);
  fill(link, named(each), h("span", { class: "recent-faces", title: participants.slice(0, FACES).map(users.name).join(", ") }, participants.slice(0, FACES).map((id) => avatar(id, 24))), h("span", { class: "recent-when" }, when));
}

/** @param {Conversation} each */
function named(each) {
  const { destination: to } = each;
  const text = to.type === "channel" ? topics.shown(to.topic) : destinations.title(to);
  const where = to.type === "channel" ? [icon(channels.icon(to.stream_id)), h("bdi", null, channels.name(to.stream_id))] : [icon("person"), "Direct messages"];
  return h("span", null, h("span", { class: "recent-name" }, h("span", { dir: "auto" }, text), badge(count(each))), h("span", { class: "recent-where" }, where));
}
