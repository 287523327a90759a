/** The figures of the server over the last minutes, as long as this page is open: nothing is kept elsewhere. */

import { changed } from "../base/changes.js";
import { follow } from "./live.js";

/** @typedef {{time: number, value: number | null}} Point `value` null: a gap */

/** Dead letters are counted up to this. */
export const MOST_LETTERS = 1000;

const EVERY = 3; // seconds
const KEPT = 300; // a quarter of an hour

const samples = /** @type {Record<string, any>[]} */ ([]);

/** Subject "samples". @returns {Record<string, any> | undefined} the last answer of GET /appliance/admin/overview */
export const latest = () => samples.at(-1);

/** Begin. */
export function start() {
  follow("overview", EVERY, (answer) => {
    samples.push(answer);
    if (samples.length > KEPT) samples.shift();
    changed("samples");
  });
}

/** A figure over time. @param {string} name @returns {Point[]} */
export const values = (name) => samples.map((each) => ({ time: each.time, value: each[name] }));

/** How fast a counter grows, a second. @param {...string} names of counters that are added up @returns {Point[]} */
export function rates(...names) {
  return samples.slice(1).map((each, at) => ({ time: each.time, value: growth(samples[at], each, names) }));
}

/** @param {Record<string, any>} before @param {Record<string, any>} after @param {string[]} names */
function growth(before, after, names) {
  const passed = after.time - before.time;
  if (before.started !== after.started || passed <= 0) return null; // counters begin anew with the server
  return names.reduce((sum, name) => sum + after[name] - before[name], 0) / passed;
}
