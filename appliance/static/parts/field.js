/** Fields of forms and settings: a label, the control, what it is for, and what went wrong. */

import { h } from "../base/dom.js";

/**
 * @param {string} label @param {HTMLElement} control gets an id when it has none @param {string} [help]
 * @returns {HTMLDivElement}
 */
export function field(label, control, help) {
  control.id ||= `field-${++count}`;
  if (help) control.setAttribute("aria-describedby", `${control.id}-help`);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, help && h("small", { id: `${control.id}-help` }, help));
}

/** @param {string} label @param {boolean} checked @param {(checked: boolean) => void} onchange @param {string} [help] */
export function toggle(label, checked, onchange, help) {
  const id = `field-${++count}`;
  const box = h("input", { type: "checkbox", id, checked, onchange: () => onchange(box.checked), "aria-describedby": help ? `${id}-help` : null });
  return h("div", { class: "field toggle" }, box, h("label", { for: id }, label), help && h("small", { id: `${id}-help` }, help));
}

/**
 * @template Value
 * @param {{value: Value, text: string}[]} options @param {Value} chosen @param {(value: Value) => void} [onchange]
 */
export function choice(options, chosen, onchange) {
  const select = h("select", { onchange: () => onchange?.(options[select.selectedIndex].value) });
  select.append(...options.map(({ value, text }) => h("option", { selected: value === chosen }, text)));
  return select;
}

let count = 0;
