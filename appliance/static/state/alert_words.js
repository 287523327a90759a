/** Words that one wants to be told of. */

import { changed } from "../base/changes.js";

/** @type {string[]} */
let words = [];

/** @param {any} told the register's answer, or the event: it lists all */
function put(told) {
  words = told.alert_words;
  changed("alert_words");
}

export const load = put;
export const events = { alert_words: put };

export const all = () => words;
