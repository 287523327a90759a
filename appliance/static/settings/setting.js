/** Fields of one's own settings: what is chosen is told to the server at once, and follows what other tabs choose. */

import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { choice, field, toggle } from "../parts/field.js";
import { setting } from "../state/told.js";
import { change } from "./saving.js";

/**
 * A switch, unless there are `options` or a `range`.
 * @typedef {object} Asked
 * @property {string} name of the setting
 * @property {string} label
 * @property {string} [help]
 * @property {{value: any, text: string}[]} [options]
 * @property {[number, number]} [range] of a number
 */

/** @typedef {{title: string, help?: string, settings: Asked[]}} Group */

/** @param {HTMLElement} panel @param {Group[]} groups @returns {() => void} ends that they follow */
export function showSettings(panel, groups) {
  const drawn = groups.flatMap((group) => group.settings.map((each) => ({ asked: each, ...FORMS[kind(each)](each) })));
  for (const { title, help, settings } of groups) {
    const fields = drawn.filter((each) => settings.includes(each.asked)).map((each) => each.element);
    panel.append(h("section", { "aria-label": title }, h("h3", null, title), help && h("p", { class: "faint" }, help), ...fields));
  }
  const follow = () => drawn.forEach(({ asked, put }) => put(setting(asked.name)));
  follow();
  return watch(["settings"], follow);
}

/** @param {Asked} asked */
const kind = (asked) => (asked.options ? "options" : asked.range ? "range" : "switch");

/** @type {Record<string, (asked: Asked) => {element: HTMLElement, put: (value: any) => void}>} */
const FORMS = { switch: switched, options: chosen, range: numbered };

/** @param {Asked} asked */
function switched({ name, label, help }) {
  const element = toggle(label, false, (checked) => tell(name, checked, put), help);
  const box = element.querySelector("input");
  return { element, put };

  /** @param {boolean} value */
  function put(value) {
    box.checked = value;
  }
}

/** @param {Asked} asked */
function chosen({ name, label, help, options }) {
  const select = choice(options, null, (value) => tell(name, value, put));
  return { element: field(label, select, help), put };

  /** @param {any} value */
  function put(value) {
    select.selectedIndex = options.findIndex((each) => each.value === value);
  }
}

/** @param {Asked} asked */
function numbered({ name, label, help, range: [min, max] }) {
  const input = h("input", { type: "number", class: "settings-number", min, max, required: true, onchange: changed });
  return { element: field(label, input, help), put };

  function changed() {
    if (input.reportValidity()) tell(name, input.valueAsNumber, put);
  }

  /** @param {number} value */
  function put(value) {
    if (document.activeElement !== input || input.validity.valid) input.value = String(value);
  }
}

/** @param {string} name @param {any} value @param {(value: any) => void} put takes it back when it was refused */
async function tell(name, value, put) {
  if (!(await change({ [name]: value }))) put(setting(name));
}
