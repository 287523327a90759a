/** Texts that one keeps to use them again. Rows: {id, title, content, date_created}. */

import { changed } from "../base/changes.js";

let rows = /** @type {any[]} */ ([]);

/** @param {Record<string, any>} told */
export function load(told) {
  become(told.saved_snippets ?? []);
}

export const events = { saved_snippets: happened };

/** By title. */
export const all = () => rows;

/** @param {Record<string, any>} event */
function happened(event) {
  const gone = event.op === "remove" ? event.saved_snippet_id : event.saved_snippet.id;
  const left = rows.filter((each) => each.id !== gone);
  become(event.op === "remove" ? left : [...left, event.saved_snippet]);
}

/** @param {any[]} wanted */
function become(wanted) {
  rows = wanted.sort((a, b) => a.title.localeCompare(b.title));
  changed("snippets");
}
