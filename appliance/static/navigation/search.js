/**
 * The field for searching: all of Zulip's operators, with suggestions as one types. What knows the operators is
 * fetched when the field is used for the first time.
 */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { narrowed } from "../base/place.js";
import { failed } from "../parts/toast.js";
import { slug } from "../state/destination.js";
import * as here from "./here.js";

/** @typedef {import("./suggestions.js").Suggestion} Suggestion */

const field = h("input", {
  type: "search",
  id: "search",
  role: "combobox",
  placeholder: "Search",
  "aria-label": "Search messages",
  "aria-autocomplete": "list",
  "aria-controls": "search-list",
  "aria-expanded": "false",
  autocomplete: "off",
  spellcheck: "false",
  dir: "auto",
});
const list = h("ul", { id: "search-list", role: "listbox", "aria-label": "Suggestions", hidden: true });
let shown = /** @type {Suggestion[]} */ ([]);
let offered = ""; // the text that they are for
let chosen = 0;
let turn = 0;

/** @returns {HTMLElement} */
export function searchField() {
  const box = h("search", { class: "search" }, icon("search"), field, list);
  field.addEventListener("input", offer);
  field.addEventListener("focus", () => (searching(true), offer()));
  field.addEventListener("blur", () => (searching(false), hide()));
  field.addEventListener("keydown", typed);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  watch(["place"], showPlace);
  return box;
}

/** For the shortcut. On phones the field is not there before. */
export function find() {
  searching(true);
  field.focus();
  field.select();
}

/** @param {boolean} yes */
const searching = (yes) => field.closest("header").toggleAttribute("data-searching", yes);

/** The field says what is searched for; conversations have their name beside it. */
function showPlace() {
  const { kind, terms } = here.place();
  const asked = kind === "narrow" && !here.destination() && !here.isWholeChannel();
  if (document.activeElement === field) return;
  field.value = "";
  if (asked) import("./search_text.js").then(({ fromTerms }) => terms === here.place().terms && (field.value = fromTerms(terms)), failed);
}

function offer() {
  const now = ++turn;
  const text = field.value;
  const found = import("./suggestions.js").then(({ suggest }) => suggest(text));
  found.then((found) => now === turn && document.activeElement === field && show(found, text), failed);
}

/** @param {Suggestion[]} found @param {string} text */
function show(found, text) {
  const before = chosen > 0 ? shown[chosen]?.text : undefined; // by keys or pointer, from what was there a moment ago
  [shown, offered] = [found, text];
  fill(list, found.map(option));
  list.hidden = found.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  const same = found.findIndex((each) => each.text === before);
  choose(field.value.trim() ? Math.max(same, 0) : -1);
}

/** @param {Suggestion} suggestion @param {number} at */
function option(suggestion, at) {
  return h(
    "li",
    { id: `search-${at}`, role: "option", "aria-selected": "false", onclick: () => take(suggestion), onpointermove: () => choose(at) },
    icon(suggestion.icon),
    h("span", { class: "search-says", dir: "auto" }, suggestion.says),
    h("span", { class: "search-text", dir: "auto" }, suggestion.text),
  );
}

/** @param {number} at -1: none */
function choose(at) {
  list.children[chosen]?.setAttribute("aria-selected", "false");
  chosen = at;
  list.children[at]?.setAttribute("aria-selected", "true");
  list.children[at]?.scrollIntoView({ block: "nearest" });
  if (at < 0) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `search-${at}`);
}

/** @param {KeyboardEvent} event */
function typed(event) {
  if (event.isComposing) return;
  const count = shown.length || 1;
  if (event.key === "ArrowDown") choose((chosen + 1) % count);
  else if (event.key === "ArrowUp") choose((Math.max(chosen, 0) - 1 + count) % count);
  else if (event.key === "Enter") enter();
  else if (event.key === "Tab" && !event.shiftKey && chosen >= 0 && shown[chosen] && shown[chosen].text.trim() !== field.value.trim()) fillIn(shown[chosen].text);
  else if (event.key === "Escape") leave();
  else return;
  event.preventDefault();
}

function enter() {
  if (shown[chosen] && field.value === offered) take(shown[chosen]);
  else go(field.value).catch(failed);
}

/** @param {Suggestion} suggestion */
function take(suggestion) {
  if (suggestion.whole) go(suggestion.text).catch(failed);
  else fillIn(suggestion.text);
}

/** Go on typing. @param {string} text */
function fillIn(text) {
  field.value = text;
  offer();
}

/** @param {string} text */
async function go(text) {
  const { toTerms } = await import("./search_text.js");
  const terms = toTerms(text);
  field.blur();
  if (terms.length) location.hash = narrowed(terms, slug);
  else showPlace();
}

function leave() {
  field.blur();
  showPlace();
}

function hide() {
  turn++;
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
}
