/**
 * The messages of a narrow: a window that grows at both ends, and that new messages come into.
 *
 * A feed is its own subject: `watch([feed], draw)`. The rows are in state/messages.js.
 */

import { ApiError, get as ask } from "../base/api.js";
import { changed } from "../base/changes.js";
import * as destination from "../state/destination.js";
import * as messages from "../state/messages.js";
import { sleepOrWake } from "./connection.js";
import { hear } from "./heard.js";
import { matches } from "./matching.js";

export { matches };

/** @typedef {import("../base/place.js").Term} Term */
/** @typedef {number | "newest" | "oldest" | "first_unread"} Anchor the id of a message, or where to begin */

const PAGE = 100; // messages that are fetched at a time
const WINDOW = 400; // of them that are kept
const AGAIN = 5000; // milliseconds after a failure

export class Feed {
  /** @param {Term[]} terms */
  constructor(terms) {
    this.terms = terms;
    /** @type {number[]} ascending */
    this.ids = [];
    this.atOldest = false;
    this.atNewest = false;
    this.loading = false;
    /** What the reader looks at: set by who shows it, so that a full window does not lose that. @type {number | null} */
    this.looking = null;
    /** What `open` has found for its anchor. @type {number | null} */
    this.anchor = null;
    this.arrived = /** @type {Set<number>} */ (new Set()); // while something is being fetched
    this.closed = false;
    this.turn = 0; // answers to what was asked in an earlier one are dropped
    this.ends = [
      messages.hold(() => [...this.ids, ...this.arrived]),
      hear("message", ({ message }) => this.#consider([message.id])),
      hear("update_message", (event) => event.propagate_mode !== undefined && this.#reconsider(event.message_ids).catch(() => this.#renew())),
      hear("update_message_flags", (event) => this.#depends(event.flag) && this.#reconsider(event.messages).catch(() => this.#renew())),
      hear("delete_message", (event) => this.#remove(event.message_ids)),
      hear("renewed", () => void this.#renew()),
    ];
  }

  close() {
    this.closed = true;
    this.turn++;
    for (const end of this.ends) end();
  }

  /** Begin anew around an anchor. @param {Anchor} anchor */
  async open(anchor) {
    const answer = await this.#fetch({ anchor, num_before: PAGE / 2, num_after: PAGE / 2 });
    if (!answer) return;
    this.ids = [];
    this.anchor = answer.anchor;
    this.#followConversation();
    this.#take(answer, { oldest: answer.found_oldest, newest: answer.found_newest });
  }

  /** More at the beginning. */
  async older() {
    if (this.loading || this.atOldest || this.ids.length === 0) return;
    const answer = await this.#fetch({ anchor: this.ids[0], include_anchor: false, num_before: PAGE, num_after: 0 });
    if (answer) this.#take(answer, { oldest: answer.found_oldest });
    if (answer && this.ids.length > WINDOW) this.#keep(0);
  }

  /** More at the end. */
  async newer() {
    if (this.loading || this.atNewest || this.ids.length === 0) return;
    const answer = await this.#fetch({ anchor: this.ids.at(-1), include_anchor: false, num_before: 0, num_after: PAGE });
    if (answer) this.#take(answer, { newest: answer.found_newest });
    if (answer && this.ids.length > WINDOW) this.#keep(this.ids.length - WINDOW);
  }

  /** The same window, as the server has it now. */
  async refresh() {
    if (this.ids.length === 0) return this.open(this.anchor ?? "newest");
    const from = this.atOldest ? "oldest" : this.ids[0];
    const answer = await this.#fetch({ anchor: from, num_before: 0, num_after: Math.max(this.ids.length + PAGE, PAGE) });
    if (!answer) return;
    this.ids = [];
    this.#take(answer, { newest: answer.found_newest });
    if (this.ids.length > WINDOW) this.#keep(this.looking === null ? this.ids.length - WINDOW : 0);
  }

  /** Something was missed: the window is fetched until that works. */
  async #renew() {
    while (!this.closed && !(await this.refresh().then(() => true, isFinal))) await sleepOrWake(AGAIN);
  }

  get narrow() {
    return this.terms.filter((each) => each.operator !== "near");
  }

  /** @param {Record<string, any>} params @returns {Promise<any>} null: something else was asked meanwhile */
  async #fetch(params) {
    const turn = ++this.turn;
    this.loading = true;
    changed(this);
    try {
      const answer = await messages.fetch({ ...params, narrow: this.narrow });
      return turn === this.turn ? answer : null;
    } finally {
      if (turn === this.turn) this.loading = false;
      changed(this);
    }
  }

  /** @param {any} answer @param {{oldest?: boolean, newest?: boolean}} reached */
  #take(answer, { oldest = this.atOldest, newest = this.atNewest }) {
    this.atOldest = oldest;
    this.atNewest = newest;
    this.#insert(answer.messages.map((/** @type {any} */ each) => each.id));
    if (newest) this.#insert([...this.arrived].filter((each) => messages.get(each)));
    this.arrived.clear();
    changed(this);
  }

  /** @param {number[]} ids */
  #insert(ids) {
    this.ids = [...new Set([...this.ids, ...ids])].sort((one, other) => one - other);
  }

  /** @param {number} from a place in `ids` that is to be the first */
  #keep(from) {
    if (from > 0) this.atOldest = false;
    if (from + WINDOW < this.ids.length) this.atNewest = false;
    this.ids = this.ids.slice(from, from + WINDOW);
    changed(this);
  }

  /** @param {number[]} ids */
  #remove(ids) {
    const gone = new Set(ids);
    for (const each of ids) this.arrived.delete(each);
    if (!this.ids.some((each) => gone.has(each))) return;
    this.ids = this.ids.filter((each) => !gone.has(each));
    if (this.ids.length === 0 && !(this.atOldest && this.atNewest)) this.open("newest").catch(() => this.#renew());
    changed(this);
  }

  /** Messages that came, or that may belong here now, or no more. @param {number[]} ids of known ones */
  #consider(ids) {
    const unsure = [];
    for (const each of ids) {
      const row = messages.get(each);
      const fits = row ? matches(this.terms, row) : false;
      if (fits === null) unsure.push(each);
      else this.#place(each, fits);
    }
    if (unsure.length > 0) this.#askWhich(unsure).catch(() => this.#renew());
  }

  /** @param {number} id @param {boolean} fits */
  #place(id, fits) {
    if (!fits) return this.#remove([id]);
    if (this.loading) this.arrived.add(id);
    const inside = (this.atNewest || id <= this.ids.at(-1)) && (this.atOldest || id >= this.ids[0]);
    if (!inside || this.ids.includes(id)) return;
    if (id > (this.ids.at(-1) ?? 0)) this.ids = [...this.ids, id];
    else this.#insert([id]);
    if (this.ids.length > WINDOW) this.#makeRoom();
    changed(this);
  }

  /** Whoever reads at the beginning keeps that. */
  #makeRoom() {
    const readsOld = this.looking !== null && this.ids.indexOf(this.looking) >= 0 && this.ids.indexOf(this.looking) < WINDOW / 2;
    this.#keep(readsOld ? 0 : this.ids.length - WINDOW);
  }

  /** What was moved or marked may belong here now, or no more. @param {number[]} ids */
  async #reconsider(ids) {
    const unknown = ids.filter((each) => !messages.get(each));
    if (unknown.length > 0) await messages.fetch({ message_ids: unknown });
    this.#consider(ids);
  }

  /** @param {number[]} ids */
  async #askWhich(ids) {
    const { messages: found } = await ask("/messages/matches_narrow", { msg_ids: ids, narrow: this.narrow });
    for (const each of ids) {
      const row = messages.get(each);
      if (row && found[each]) messages.put([{ ...row, ...found[each] }]);
      this.#place(each, !!row && !!found[each]);
    }
  }

  /** Messages that one reads do not leave what was unread: they would go from under the eyes. @param {string} flag */
  #depends(flag) {
    return flag !== "read" && this.terms.some((each) => each.operator === "is" && each.operand === flag);
  }

  /** "with" names a conversation by a message in it, wherever that is now. */
  #followConversation() {
    const row = messages.get(this.terms.find((each) => each.operator === "with")?.operand);
    if (row) this.terms = destination.terms(destination.of(row));
  }
}

/** There is no such conversation any more. @param {unknown} error */
const isFinal = (error) => error instanceof ApiError && error.status === 400;
