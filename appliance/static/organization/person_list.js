/** A list of people that one can look through, with something to do beside each. */

import { h, keyed } from "../base/dom.js";
import { avatar } from "../parts/avatar.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";
import { button, entry } from "./panel.js";

const STEP = 100; // rows that are drawn at once
const FEW = 8; // of which nobody need be looked for

/**
 * @param {{label: string, ids: () => number[] | null, action: (userId: number) => Node | false, empty?: string}} asked `ids` null: not known yet
 * @returns {{element: HTMLElement, draw: () => void}}
 */
export function personList({ label, ids, action, empty = "Nobody." }) {
  let most = STEP;
  const words = h("input", { type: "search", placeholder: "Find by name", "aria-label": `Find: ${label}`, dir: "auto", oninput: draw });
  const number = h("p", { class: "faint", role: "status" });
  const list = h("ul", { class: "entries", "aria-label": label });
  const more = button("Show more", () => ((most += STEP), draw()));
  const element = h("div", null, words, number, list, more);
  draw();
  return { element, draw };

  function draw() {
    const all = ids();
    const found = sorted(all ?? []).filter((each) => users.plain(users.name(each)).includes(users.plain(words.value.trim())));
    words.hidden = (all?.length ?? 0) <= FEW && !words.value;
    number.textContent = all === null ? "Looking…" : all.length === 0 ? empty : `${found.length} ${found.length === 1 ? "person" : "people"}`;
    more.hidden = found.length <= most;
    keyed(list, found.slice(0, most), (each) => JSON.stringify([users.get(each), !!action(each)]), row);
  }

  /** @param {number} userId */
  function row(userId) {
    const tags = [userId === me.id() && "You", users.get(userId).is_bot && "Bot", users.get(userId).is_guest && "Guest"];
    const title = h("a", { class: "plain-link", href: `#user/${userId}` }, users.name(userId));
    return entry({ picture: avatar(userId, 32), title, tags, actions: [action(userId)] });
  }
}

/** @param {number[]} ids */
const sorted = (ids) => [...ids].sort((one, other) => order.compare(users.name(one), users.name(other)));
const order = new Intl.Collator();
