/**
 * One message of the list: who, when, what, and what others made of it.
 *
 * Each of its parts is drawn anew only when what it shows has changed, so that an open spoiler stays open and a film
 * goes on when somebody reacts.
 */

import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { clock, full } from "../base/time.js";
import { avatar } from "../parts/avatar.js";
import * as destinations from "../state/destination.js";
import * as emoji from "../state/emoji.js";
import * as statuses from "../state/statuses.js";
import { setting } from "../state/told.js";
import * as users from "../state/users.js";
import { bodyState, drawBody } from "./body.js";
import { drawReactions } from "./reactions.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./list.js").MessageList} MessageList */

/**
 * What it shows, and how. `of`: values that are compared; while they are the same, nothing is drawn.
 * @typedef {{name: "head" | "body" | "foot", of: (row: Row, list: MessageList) => any[], draw: (part: HTMLElement, row: Row, list: MessageList) => void}} Part
 */

/** @type {Part[]} */
const PARTS = [
  {
    name: "head",
    of: ({ message, leads }, list) => [leads, message.sender_id, message.subject, message.stream_id, message.last_edit_timestamp, message.last_moved_timestamp, isStarred(message), list.versions.head],
    draw: drawHead,
  },
  { name: "body", of: bodyState, draw: drawBody },
  { name: "foot", of: ({ message }, list) => [message.reactions, list.versions.foot], draw: drawReactions },
];

/** @type {WeakMap<Element, {row: Row | null, version: number, parts: Record<string, {element: HTMLElement, values: any[]}>}>} */
const drawn = new WeakMap();

/** @param {Row} row @param {MessageList} list */
export function makeMessage(row, list) {
  const article = h("article", { class: "message", id: `message-${row.message.id}`, tabindex: "-1", data: { id: row.message.id } });
  const parts = Object.fromEntries(PARTS.map(({ name }) => [name, { element: h("div", { class: `message-${name}` }), values: /** @type {any[]} */ ([]) }]));
  parts.body.element.id = `body-${row.message.id}`;
  article.setAttribute("aria-describedby", parts.body.element.id);
  article.append(...Object.values(parts).map(({ element }) => element));
  drawn.set(article, { row: null, version: 0, parts });
  updateMessage(article, row, list);
  return article;
}

/** @param {HTMLElement} article @param {Row} row @param {MessageList} list */
export function updateMessage(article, row, list) {
  const known = drawn.get(article);
  const isSame = known.row?.message === row.message && known.row.leads === row.leads && known.version === list.versions.any;
  if (isSame) return;
  for (const { name, of, draw } of PARTS) {
    const part = known.parts[name];
    const values = of(row, list);
    if (values.length === part.values.length && values.every((each, at) => each === part.values[at])) continue;
    part.values = values;
    draw(part.element, row, list);
  }
  known.row = row;
  known.version = list.versions.any;
  mark(article, row);
}

/** @param {Element} article @returns {Message} what it shows */
export const messageOf = (article) => drawn.get(article).row.message;

const MENTIONS = ["mentioned", "stream_wildcard_mentioned", "topic_wildcard_mentioned", "wildcard_mentioned"];

/** @param {HTMLElement} article @param {Row} row */
function mark(article, { message, leads }) {
  const classes = {
    leads,
    unread: !has(message, "read"),
    mentioned: MENTIONS.some((each) => has(message, each)),
    direct: message.type === "private",
    "is-me": message.is_me_message,
  };
  for (const [name, on] of Object.entries(classes)) article.classList.toggle(name, on);
}

/** @param {Message} message @param {string} flag */
export const has = (message, flag) => message.flags?.includes(flag) ?? false;

/** @param {Message} message */
export const isStarred = (message) => has(message, "starred");

/** @param {Message} message its address in the page */
export const addressOf = (message) => `${destinations.hash(destinations.of(message))}/near/${message.id}`;

/** @param {HTMLElement} part @param {Row} row */
function drawHead(part, { message, leads }) {
  const name = users.isKnown(message.sender_id) ? users.name(message.sender_id) : message.sender_full_name;
  const hours24 = setting("twenty_four_hour_time");
  const when = clock(message.timestamp, hours24);
  part.parentElement?.setAttribute("aria-label", `${name}, ${when}`);
  const time = h("a", { class: "message-time", href: addressOf(message), title: full(message.timestamp, hours24), tabindex: leads ? null : "-1" }, when);
  const opens = { type: "button", data: { card: message.sender_id } };
  fill(
    part,
    leads && h("button", { ...opens, class: "message-picture", tabindex: "-1", "aria-hidden": "true" }, avatar(message.sender_id, 36)),
    leads && h("button", { ...opens, class: "message-sender" }, h("span", { dir: "auto" }, name)),
    leads && h("span", { class: "message-tags" }, tags(message.sender_id)),
    time,
    h("span", { class: "message-marks" }, marks(message)),
  );
}

/** @param {number} userId */
function tags(userId) {
  const status = statuses.of(userId);
  const { is_bot: isBot } = users.get(userId);
  return [isBot && h("span", { class: "tag" }, "bot"), status?.emoji_name && emoji.show(/** @type {any} */ (status))];
}

/** @param {Message} message */
function marks(message) {
  const changed = message.last_edit_timestamp ? "edited" : message.last_moved_timestamp ? "moved" : "";
  return [
    changed && h("button", { type: "button", class: "message-changed", data: { deed: "history" }, title: "What it was before" }, changed),
    isStarred(message) && h("span", { class: "message-star", title: "Starred" }, icon("star"), h("span", { class: "unseen" }, "Starred")),
  ];
}
