/** The list of a feed's messages: draws it, keeps the reader's place, knows which message is chosen. */

import { h, keyed } from "../base/dom.js";
import * as messages from "../state/messages.js";
import { makeGap } from "./gaps.js";
import { makeMessage, messageOf, updateMessage } from "./message.js";
import { rowsOf } from "./rows.js";
import { Scroller } from "./scroller.js";

/** @typedef {import("../live/feed.js").Feed} Feed */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Message} Message */

const FRESH = 30; // messages: what may come between two frames

export class MessageList {
  /** The id before which new messages begin; 0: there were none. */
  unreadFrom = 0;
  /** Was something marked as unread here? Then nothing more is read by being seen. */
  staysUnread = false;
  /** The message that keys act upon. @type {number | null} */
  selected = null;
  /** Counted up when all messages have to be drawn anew, in part; `any`: when they depend on more than themselves. */
  versions = { any: 0, head: 0, body: 0, foot: 0 };
  /** Ids of long messages that are shown whole, and of hidden ones that are shown. */
  expanded = /** @type {Set<number>} */ (new Set());
  revealed = /** @type {Set<number>} */ (new Set());
  #newest = 0; // that was drawn
  #opened = 0; // the newest when the list was opened
  #fresh = /** @type {HTMLElement[]} */ ([]);
  #reachable = /** @type {HTMLElement | null} */ (null);

  /**
   * @param {Feed} feed
   * @param {{mixed: boolean, search: boolean, top: Node, bottom: Node[]}} how `mixed`: of several conversations; `search`: with
   *   the words found marked; `top`, `bottom`: above and below the messages
   */
  constructor(feed, { mixed, search, top, bottom }) {
    this.feed = feed;
    this.mixed = mixed;
    this.search = search;
    this.rows = h("div", { class: "message-rows", role: "group", "aria-label": "Messages" });
    this.element = h("div", { class: "scroll messages", tabindex: "-1" }, h("div", { class: "message-column" }, top, this.rows, bottom));
    this.scroller = new Scroller(this.element, this.rows, () => this.#furthest());
  }

  close() {
    this.scroller.close();
  }

  draw() {
    const shown = this.messages();
    this.#watchForNew(shown);
    const rows = rowsOf(shown, this);
    keyed(this.rows, rows, (row) => row.key, (row) => this.#make(row), (element, row) => row.kind === "message" && updateMessage(element, row, this));
    if (!this.#reachable?.isConnected) this.#makeReachable(this.articles().at(-1));
  }

  /** Something that messages depend on has changed; these parts of them are drawn anew in any case. @param {...("head" | "body" | "foot")} parts */
  redraw(...parts) {
    for (const each of parts) this.versions[each]++;
    this.versions.any++;
    this.draw();
  }

  /** Those of the feed. @returns {Message[]} */
  messages() {
    return this.feed.ids.map((id) => messages.get(id)).filter(Boolean);
  }

  /** @param {number} id @returns {HTMLElement | null} */
  articleOf(id) {
    return document.getElementById(`message-${id}`);
  }

  /** All that are drawn. @returns {HTMLElement[]} */
  articles() {
    return [...this.rows.querySelectorAll(":scope > article")].map((each) => /** @type {HTMLElement} */ (each));
  }

  /** The first message that is seen, at least in part; 0: none. */
  firstInSight() {
    return Number(this.#inSight()[0]?.dataset.id ?? 0);
  }

  /** The last one; 0: none. */
  lastInSight() {
    return Number(this.#inSight().at(-1)?.dataset.id ?? 0);
  }

  #inSight() {
    const { top, bottom } = this.element.getBoundingClientRect();
    return this.scroller.seen(top, bottom).filter((each) => each.matches("article"));
  }

  /** @returns {{message: Message, article: HTMLElement} | null} */
  get selection() {
    const article = this.selected === null ? null : this.articleOf(this.selected);
    return article && { message: messageOf(article), article };
  }

  /** @param {HTMLElement | null} article */
  select(article) {
    this.selection?.article.classList.remove("selected");
    this.selected = article ? Number(article.dataset.id) : null;
    if (!article) return;
    article.classList.add("selected");
    this.#makeReachable(article);
  }

  /** What begins above all messages that are not read is a line. @param {Message[]} shown */
  findUnread(shown = this.messages()) {
    this.unreadFrom = shown.find(isUnread)?.id ?? 0;
  }

  /** @param {number} id */
  leaveUnread(id) {
    this.staysUnread = true;
    this.unreadFrom = id;
    this.draw();
  }

  /** What comes while nobody looks is below the line. @param {Message[]} shown */
  #watchForNew(shown) {
    const first = shown.find((each) => each.id > this.#newest && isUnread(each));
    const isStill = this.unreadFrom && shown.some((each) => each.id >= this.unreadFrom && each.id <= this.#newest && isUnread(each));
    if (this.#newest && first && !isAttended() && !isStill) this.unreadFrom = first.id;
    this.#newest = shown.at(-1)?.id ?? this.#newest;
    this.#opened ||= this.#newest;
  }

  /** New messages do not push the line out of sight while nobody looks. */
  #furthest() {
    const line = isAttended() ? null : this.rows.querySelector(":scope > .unread-line");
    if (!line) return Infinity;
    return this.element.scrollTop + line.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
  }

  /** @param {Row} row */
  #make(row) {
    if (row.kind !== "message") return makeGap(row);
    const article = makeMessage(row, this);
    article.classList.toggle("selected", row.message.id === this.selected);
    if (row.message.id > this.#opened) this.#makeFresh(article);
    return article;
  }

  /** What comes at the bottom has its height at once, or the bottom would be elsewhere. @param {HTMLElement} article */
  #makeFresh(article) {
    article.classList.add("fresh");
    this.#fresh.push(article);
    if (this.#fresh.length > FRESH) this.#fresh.shift().classList.remove("fresh");
  }

  /** By the Tab key; from there the arrows lead on. @param {HTMLElement | null} article */
  #makeReachable(article) {
    this.#reachable?.setAttribute("tabindex", "-1");
    article?.setAttribute("tabindex", "0");
    this.#reachable = article;
  }
}

/** @param {Message} message */
export const isUnread = (message) => !message.flags.includes("read");

/** Does somebody look at the page? */
export const isAttended = () => document.visibilityState === "visible" && document.hasFocus();
