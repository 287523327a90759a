/** Where code of a language can be run. */

import { changed } from "../base/changes.js";

/** @typedef {{id: number, name: string, pygments_language: string, url_template: string}} Playground */

/** @type {Playground[]} */
let rows = [];

/** @param {any} told the register's answer, or the event: it lists all */
function put(told) {
  rows = told.realm_playgrounds;
  changed("playgrounds");
}

export const load = put;
export const events = { realm_playgrounds: put };

export const all = () => rows;

/** @param {string} language as Pygments calls it */
export const of = (language) => rows.filter((each) => each.pygments_language === language);
