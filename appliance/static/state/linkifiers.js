/** Patterns of text that become links. */

import { changed } from "../base/changes.js";

/** @typedef {{id: number, pattern: string, url_template: string}} Linkifier */

/** @type {Linkifier[]} */
let rows = [];

/** @param {any} told the register's answer, or the event: it lists all */
function put(told) {
  rows = told.realm_linkifiers;
  changed("linkifiers");
}

export const load = put;
export const events = { realm_linkifiers: put };

/** In the order in which they are tried. */
export const all = () => rows;
