/**
 * The view of a narrow: the messages of a conversation, of a channel, of a search, or of all.
 *
 * It opens where the new messages begin, at the one that the address names ("near"), or at the newest; more is fetched
 * when the reader comes near an end.
 */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import * as connection from "../live/connection.js";
import { Feed } from "../live/feed.js";
import * as destinations from "../state/destination.js";
import * as messages from "../state/messages.js";
import { announcer } from "./announcer.js";
import { listenToClicks } from "./clicks.js";
import { drawEnd, drawStart } from "./ends.js";
import { floatingBar } from "./floating.js";
import { jumpButton } from "./jump.js";
import { choose, listenInList } from "./keyboard.js";
import { MessageList } from "./list.js";
import { drawPending, drawTyping } from "./pending.js";
import { isForReading, marksAsRead, markSeen } from "./seen.js";
import { titleOf } from "./title.js";
import { followPointer } from "./toolbar.js";

/** @typedef {import("../base/place.js").Place} Place */
/** @typedef {import("../base/place.js").Term} Term */

const AHEAD = 1.5; // heights of the window before an end at which more is fetched
const BELOW = 0.25; // of the height stay above what is shown first

/** @param {HTMLElement} root @param {Place} place */
export function open(root, place) {
  const view = new Conversation(root, place.terms);
  view.begin();
  return { title: titleOf(place.terms), close: () => view.close(), focus: () => view.focus() };
}

class Conversation {
  /** Why the last fetch failed, and what tries again. @type {{text: string, again: () => void} | null} */
  trouble = null;
  #closed = false;
  #last = 0; // message that was shown
  #sent = ""; // local id of what was sent last
  #start = h("div", { class: "list-start" });
  #pending = h("div", { class: "pending-rows" });
  #typing = h("div", { class: "typing-notice", dir: "auto" });
  #end = h("div", { class: "list-end" });

  /** @param {HTMLElement} root @param {Term[]} terms */
  constructor(root, terms) {
    this.terms = terms;
    this.destination = destinations.fromTerms(terms);
    this.feed = new Feed(terms);
    const search = terms.some(({ operator }) => operator === "search");
    this.list = new MessageList(this.feed, { mixed: !this.destination, search, top: this.#start, bottom: [this.#pending, this.#typing, this.#end] });
    this.bar = floatingBar(this.list);
    this.jump = jumpButton(this.list, () => this.toEnd());
    this.announcer = announcer(this.list);
    this.placeTools = followPointer(this.list);
    fill(root, this.list.element, this.bar.element, this.jump.element, this.announcer.element);
    this.stops = this.#watchAll();
  }

  #watchAll() {
    const { list } = this;
    const moved = () => this.#moved();
    list.element.addEventListener("scroll", moved, { passive: true });
    for (const each of ["focus", "visibilitychange"]) addEventListener(each, moved, true);
    listenToClicks(list);
    return [
      () => ["focus", "visibilitychange"].forEach((each) => removeEventListener(each, moved, true)),
      listenInList(list, () => this.toEnd()),
      watch([this.feed, "messages"], () => this.draw()),
      watch(["editing", "muted"], () => this.#redraw()),
      watch(["outbox", "typing"], () => this.#drawBelow()),
      watch(["users", "statuses"], () => this.#redraw("head")),
      watch(["connection"], () => connection.state() === "online" && this.trouble?.again()),
      connection.onWake(() => this.trouble?.again()),
      watch(["settings", "emoji"], () => this.#redraw("head", "body", "foot")),
      () => list.close(),
      () => this.feed.close(),
    ];
  }

  close() {
    this.#closed = true;
    for (const stop of this.stops) stop();
  }

  async begin() {
    const near = this.terms.find(({ operator }) => operator === "near")?.operand;
    const isOpen = await this.#try(() => this.feed.open(near ?? (isForReading(this.terms) ? "first_unread" : "newest")));
    if (!isOpen) return;
    this.list.findUnread();
    this.draw();
    this.#goTo(near);
  }

  /** @param {number | undefined} near */
  #goTo(near) {
    const { list } = this;
    const asked = near && (list.articleOf(near) ?? list.articles().find((each) => Number(each.dataset.id) > near)); // it may be gone
    const line = list.rows.querySelector(".unread-line");
    if (asked) flash(asked, list);
    else if (line) list.scroller.show(line, BELOW);
    else list.scroller.toBottom();
    this.#moved();
  }

  draw() {
    this.list.draw();
    drawStart(this.#start, this);
    drawEnd(this.#end, this);
    this.announcer.draw();
    this.#drawBelow();
    this.#followMove();
  }

  /** Draw parts of all messages anew. @param {...("head" | "body" | "foot")} parts */
  #redraw(...parts) {
    this.list.redraw(...parts);
    this.#moved();
  }

  #drawBelow() {
    const sent = drawPending(this.#pending, this.destination);
    if (sent && sent !== this.#sent) this.list.scroller.toBottom(); // one wants to see what one has just said
    this.#sent = sent || this.#sent;
    drawTyping(this.#typing, this.destination);
    this.#moved();
  }

  /** What is in sight has changed. */
  #moved() {
    const { list, feed } = this;
    list.scroller.keep();
    feed.looking = list.scroller.atBottom ? null : list.firstInSight();
    this.#load();
    if (marksAsRead(this.terms, list.mixed)) markSeen(list);
    this.placeTools();
    this.bar.draw();
    this.jump.draw();
  }

  #load() {
    const { feed } = this;
    if (this.trouble || feed.loading || feed.ids.length === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = this.list.element;
    if (!feed.atOldest && scrollTop < AHEAD * clientHeight) this.#try(() => feed.older());
    else if (!feed.atNewest && scrollHeight - scrollTop - clientHeight < AHEAD * clientHeight) this.#try(() => feed.newer());
  }

  /** @param {() => Promise<void>} fetch @returns {Promise<boolean>} whether it worked, and somebody still wants it */
  async #try(fetch) {
    try {
      this.trouble = null;
      await fetch();
      return !this.#closed;
    } catch (error) {
      const again = this.feed.ids.length ? () => this.#try(fetch) : () => this.begin();
      this.trouble = { text: error instanceof Error ? error.message : String(error), again };
      if (!this.#closed) this.draw();
      return false;
    }
  }

  /** To the newest message, wherever the window of the feed is. */
  async toEnd() {
    const { list, feed } = this;
    if (!feed.atNewest && !(await this.#try(() => feed.open("newest")))) return;
    list.draw();
    list.scroller.toBottom();
    choose(list, list.articles().at(-1));
    list.scroller.toBottom();
  }

  /** When the whole topic has moved while it was shown, the reader goes with it. */
  #followMove() {
    const last = this.feed.ids.at(-1);
    const gone = this.destination && last === undefined ? messages.get(this.#last) : undefined;
    this.#last = last ?? this.#last;
    const now = gone && destinations.of(gone);
    if (now && !destinations.same(now, this.destination)) location.replace(destinations.hash(now));
  }

  focus() {
    const { list } = this;
    const article = list.selection?.article ?? list.articleOf(list.firstInSight()) ?? list.element;
    article.focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} article @param {MessageList} list */
function flash(article, list) {
  list.scroller.show(article, BELOW);
  list.select(article);
  article.classList.add("flash");
  article.addEventListener("animationend", () => article.classList.remove("flash"), { once: true });
}
