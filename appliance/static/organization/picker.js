/** A field in which one finds somebody or something by name, and picks it; it is empty again then. */

import { h } from "../base/dom.js";
import { makeCombobox } from "../parts/combobox.js";

const MOST = 8; // shown at once

/** @typedef {import("../parts/suggestions.js").Suggestion} Suggestion */

/**
 * @param {{label: string, find: (text: string) => Suggestion[], pick: (value: any) => void}} asked `find` gives the best first
 * @returns {HTMLElement}
 */
export function picker({ label, find, pick }) {
  const input = makeCombobox({ label, placeholder: label, find: (text) => find(text).slice(0, MOST), choose });
  return h("div", { class: "picker" }, input);

  /** @param {any} value */
  function choose(value) {
    input.value = "";
    pick(value);
  }
}
