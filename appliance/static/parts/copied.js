/** A field that is there to be copied: a key, a link. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { copy } from "./clipboard.js";
import { field } from "./field.js";

/** @param {string} label @param {string} text @param {string} [help] */
export function copied(label, text, help) {
  const input = h("input", { readonly: true, value: text, onfocus: () => input.select() });
  const button = h("button", { type: "button", class: "icon-button", "aria-label": `Copy: ${label}`, onclick: () => (input.select(), copy(text)) }, icon("copy"));
  const made = field(label, input, help);
  const beside = h("div", { class: "copied" });
  input.replaceWith(beside);
  beside.append(input, button);
  return made;
}
