/** Above the first message and below the last: where the conversation begins, that there is none, that more is coming. */

import { fill, h } from "../base/dom.js";
import * as destinations from "../state/destination.js";
import { titleOf } from "./title.js";

/** @typedef {import("../live/feed.js").Feed} Feed */
/** @typedef {import("../base/place.js").Term} Term */
/** @typedef {{feed: Feed, terms: Term[], destination: destinations.Destination | null, trouble: {text: string, again: () => void} | null}} Shown */

/** @param {HTMLElement} root @param {Shown} shown */
export function drawStart(root, { feed, terms, destination, trouble }) {
  const { ids, atOldest, loading } = feed;
  const isWhole = atOldest && ids.length > 0;
  const text = trouble ? "" : isWhole ? beginning(terms, destination) : loading || !atOldest ? "Loading messages…" : "";
  if (trouble) put(root, `trouble ${trouble.text}`, () => failure(trouble));
  else put(root, text, () => [h("p", { dir: "auto" }, text)]);
}

/** @param {HTMLElement} root @param {Shown} shown */
export function drawEnd(root, { feed, destination, trouble }) {
  const isEmpty = feed.ids.length === 0 && feed.atOldest && feed.atNewest && !trouble;
  const text = isEmpty ? nothing(destination) : "";
  put(root, text, () => (text ? [h("p", { class: "empty" }, text)] : []));
}

/** Only what is another is drawn. @param {HTMLElement} root @param {string} key @param {() => Node[]} make */
function put(root, key, make) {
  if (root.dataset.shows === key) return;
  root.dataset.shows = key;
  fill(root, make());
}

/** @param {Term[]} terms @param {destinations.Destination | null} destination */
function beginning(terms, destination) {
  if (destination?.type === "direct" && destination.user_ids.length === 0) return "Notes to yourself begin here.";
  return destination ? `This is the beginning of ${titleOf(terms)}.` : "There is nothing older.";
}

/** @param {destinations.Destination | null} destination */
function nothing(destination) {
  if (!destination) return "There are no such messages.";
  return destination.type === "direct" ? "There are no messages here yet. Write the first one." : "Nobody has written in this topic yet. Be the first.";
}

/** @param {{text: string, again: () => void}} trouble @returns {Node[]} */
const failure = ({ text, again }) => [h("p", { class: "error-text", role: "alert" }, text), h("button", { type: "button", onclick: again }, "Try again")];
