/** A field above a list that shows what is called like that. Escape empties it, and then leaves it; Enter opens the first that is left, the arrow leads there. */

import { h } from "../base/dom.js";

/**
 * @param {{label: string, first: () => HTMLElement | null, onchange: (text: string) => void, id?: string}} asked `first`: the link in the list
 * @returns {HTMLInputElement}
 */
export function filterField({ label, first, onchange, id }) {
  const field = h("input", { type: "search", id, placeholder: label, "aria-label": label, dir: "auto", autocomplete: "off", oninput: changed, onkeydown: typed });
  return field;

  function changed() {
    onchange(field.value.trim());
  }

  function clear() {
    field.value = "";
    changed();
  }

  /** @param {KeyboardEvent} event */
  function typed(event) {
    if (event.key === "Escape") field.value ? clear() : field.blur();
    else if (event.key === "Enter" && field.value) first()?.click(), clear();
    else if (event.key === "ArrowDown") first()?.focus();
    else return;
    event.preventDefault();
  }
}
