/** Where in the page one is. Subject "place". `router.js` alone changes it. */

import { changed } from "../base/changes.js";
import { fromTerms } from "../state/destination.js";

/** @typedef {import("../base/place.js").Place} Place */
/** @typedef {import("../state/destination.js").Destination} Destination */

let open = { place: /** @type {Place} */ ({ kind: "", section: [], terms: [] }), hash: "", title: "" };

/** What the view that is open shows. */
export const place = () => open.place;

/** The address of that view, also while a dialog has the address bar. */
export const hash = () => open.hash;

/** What the view calls itself; the bar knows more of conversations. */
export const title = () => open.title;

/** The conversation that is open, if it is one. @returns {Destination | null} */
export const destination = () => (open.place.kind === "narrow" ? fromTerms(open.place.terms) : null);

/** The channel that is open, in whole or in one of its topics; or null. @returns {number | null} */
export function channel() {
  const [first] = open.place.terms;
  return first?.operator === "channel" && !first.negated && typeof first.operand === "number" ? first.operand : null;
}

/** Is all of the open channel shown? */
export const isWholeChannel = () => channel() !== null && open.place.terms.every((each) => each.operator === "channel" || each.operator === "near");

/** @param {Place} place @param {string} hash @param {string} title */
export function moved(place, hash, title) {
  open = { place, hash, title };
  changed("place");
}
