/** The controls of settings that a whole organization, a channel or a group has: saved at once, each by itself. */

import { h } from "../base/dom.js";
import { field, toggle } from "../parts/field.js";
import { failed } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import { groupChoice } from "./group_choice.js";
import { savedNotice } from "./panel.js";

const NO_CHANNEL = -1;
const MINUTE = 60,
  HOUR = 3600,
  DAY = 86_400; // seconds
const AGES = [null, 2 * MINUTE, 10 * MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY];

/** @typedef {import("./realm_settings.js").Row} Row */
/** @typedef {{element: HTMLElement, show: (value: any) => void}} Control `show` puts a value there that came from the server */
/** @typedef {(value: any) => void} Send */

/**
 * @param {Row} row
 * @param {(value: any, old: any) => Promise<unknown>} save sends a new value; `old`: what the server had before
 * @param {() => any} current what the server has
 * @param {{permission?: import("./group_choice.js").Permission, why?: string}} [more] `permission`: of a group; `why` it cannot be changed
 * @returns {Control}
 */
export function settingField(row, save, current, { permission, why = "" } = {}) {
  const saved = savedNotice();
  const control = MAKE[row.kind](row, send, permission);
  const element = h(why ? "fieldset" : "div", { class: "setting", disabled: why !== "", title: why || null }, control.element, saved.element);
  let known = current();
  let waiting = 0; // values that are being saved: one after the other, as each says what was before it
  let last = Promise.resolve();
  control.show(known);
  return { element, show };

  /** @param {any} value */
  function show(value) {
    if (waiting > 0) return; // what is told now is older than what is chosen
    known = value;
    control.show(value);
  }

  /** @param {any} value */
  function send(value) {
    waiting++;
    last = last.then(() => store(value));
  }

  /** @param {any} value */
  async function store(value) {
    try {
      await save(value, known);
      known = value;
      saved.show();
    } catch (error) {
      failed(error);
      control.show((known = current()));
    }
    waiting--;
  }
}

/** @param {Row} row @param {Send} send */
function switched({ label, help, inverted = false }, send) {
  const element = toggle(label, false, (checked) => send(checked !== inverted), help);
  const box = element.querySelector("input");
  return { element, show: (/** @type {boolean} */ value) => (box.checked = value !== inverted) };
}

/** @param {Row} row @param {Send} send */
const chosen = (row, send) => select(row, send, () => row.options);

/** How long after it was sent something may be done with a message. @param {Row} row @param {Send} send */
function aged(row, send) {
  const told = (/** @type {number | null} */ value) => send(value ?? "unlimited");
  return select(row, told, (value) => withOther(AGES, value).map((each) => ({ value: each, text: each === null ? "any time" : lasting(each) })));
}

/** @param {Row} row @param {Send} send */
const channelled = (row, send) =>
  select(row, send, (value) => {
    const open = channels.all().filter((each) => !each.is_archived || each.stream_id === value);
    return [{ value: NO_CHANNEL, text: "no channel" }, ...open.map((each) => ({ value: each.stream_id, text: `#${each.name}` }))];
  });

/** @param {Row} row @param {Send} send @param {(value: any) => {value: any, text: string}[]} optionsFor */
function select({ label, help }, send, optionsFor) {
  let options = /** @type {{value: any, text: string}[]} */ ([]);
  const made = h("select", { dir: "auto", onchange: () => send(options[made.selectedIndex].value) });
  return { element: field(label, made, help), show };

  /** @param {any} value */
  function show(value) {
    const known = optionsFor(value);
    options = known.some((each) => each.value === value) ? known : [...known, { value, text: String(value) }];
    made.replaceChildren(...options.map((each) => h("option", { selected: each.value === value }, each.text)));
  }
}

/** @param {Row} row @param {Send} send */
function numbered({ label, help, unit, unlimited }, send) {
  const limited = unlimited === undefined;
  const input = h("input", { type: "number", min: limited ? 0 : 1, max: 1_000_000, required: limited, onchange: tell });
  const element = field(unit ? `${label} (${unit})` : label, input, help);
  return { element, show: (/** @type {number} */ value) => busy(input) || (input.value = value === unlimited ? "" : String(value)) };

  function tell() {
    if (input.reportValidity()) send(input.value === "" ? "unlimited" : input.valueAsNumber);
  }
}

/** @param {Row} row @param {Send} send */
function written({ label, help }, send) {
  const input = h("input", { type: "text", maxlength: 100, dir: "auto", onchange: () => send(input.value.trim()) });
  return { element: field(label, input, help), show: (/** @type {string} */ value) => busy(input) || (input.value = value) };
}

/** @param {Row} row @param {Send} send @param {import("./group_choice.js").Permission} permission */
const grouped = ({ label, help }, send, permission) => groupChoice({ label, help, permission, onchange: send });

/** @type {Record<Row["kind"], (row: Row, send: Send, permission?: import("./group_choice.js").Permission) => Control>} */
const MAKE = { toggle: switched, choice: chosen, age: aged, number: numbered, channel: channelled, text: written, group: grouped };

/** What somebody is writing is not taken from them. @param {HTMLInputElement} input */
const busy = (input) => input === document.activeElement;

/** @param {(number | null)[]} known in ascending order, null first @param {number | null} value is among them then */
const withOther = (known, value) => (known.includes(value) ? known : [...known, value].sort((one, other) => (one ?? 0) - (other ?? 0)));

/** @param {number} seconds */
export function lasting(seconds) {
  const [size, name] = [
    [DAY, "day"],
    [HOUR, "hour"],
    [MINUTE, "minute"],
    [1, "second"],
  ].find(([each]) => seconds % Number(each) === 0);
  const number = seconds / Number(size);
  return `${number} ${name}${number === 1 ? "" : "s"}`;
}
