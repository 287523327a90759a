/** The dialogs that "?" and "How to search" open. */

import { h } from "../base/dom.js";
import { all } from "../base/keys.js";
import { style } from "../base/style.js";
import { openDialog } from "../parts/dialog.js";
import { OPERATORS } from "./suggestions.js";

await style("lists");

/** @typedef {import("../base/keys.js").Shortcut} Shortcut */

/** @type {Record<string, string>} */
const SIGNS = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", " ": "Space", Escape: "Esc", PageUp: "Page ↑", PageDown: "Page ↓" };

/** @param {import("../base/place.js").Place} place */
export function open({ kind }) {
  const isKeys = kind === "keyboard-shortcuts";
  const title = isKeys ? "Keyboard shortcuts" : "How to search";
  const dialog = openDialog({ title, body: [isKeys ? keys() : operators()], wide: isKeys });
  return { close: () => dialog.close() };
}

function keys() {
  const groups = [...new Set(all().map(({ group }) => group))];
  /** @param {string} name */
  const rows = (name) => all().filter(({ group }) => group === name).flatMap(ofShortcut);
  return h("div", { class: "keys", role: "group", "aria-label": "All of them", tabindex: "0" }, groups.map((name) => h("section", null, h("h3", null, name), h("dl", null, rows(name)))));
}

/** @param {Shortcut} shortcut */
function ofShortcut({ keys, does }) {
  return [h("dt", null, does), h("dd", null, keys.flatMap((each, at) => [at > 0 && " or ", h("kbd", null, sign(each))]))];
}

/** As it stands on the key. @param {string} key */
function sign(key) {
  const parts = key.split(/(?<=.)\+(?=.)/).map((each) => SIGNS[each] ?? each);
  const isUpper = key.length === 1 && key !== key.toLowerCase();
  return isUpper ? `Shift+${key}` : parts.map((each) => (each.length === 1 ? each.toUpperCase() : each)).join("+");
}

function operators() {
  const rows = OPERATORS.flatMap(({ operator, says }) => [h("dt", null, says), h("dd", null, h("kbd", null, `${operator}:`))]);
  return h(
    "div",
    null,
    h("p", null, "Words find messages that have all of them, words in quotes only where they stand together. These make it more exact; a minus before one means “without”:"),
    h("div", { class: "keys one", role: "group", "aria-label": "Operators", tabindex: "0" }, h("dl", null, rows)),
  );
}
