/** Choosing an emoji: by name, or from those of a kind. Arrow keys walk through them. */

import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as emoji from "../state/emoji.js";
import { KINDS, kindOf } from "./emoji_kinds.js";
import { openBeside } from "./menu.js";
import { failed } from "./toast.js";

/** @typedef {import("../state/emoji.js").Emoji} Emoji */

const FOUND = 120; // of a search
const SIGNS = { Recent: "clock", "Our own": "star" };

/** @param {Element} anchor @returns {Promise<Emoji | null>} null: none was chosen */
export function pickEmoji(anchor) {
  return new Promise((resolve) => {
    const picker = makePicker((chosen) => {
      emoji.used(chosen);
      resolve(chosen);
      picker.hidePopover();
    });
    picker.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "closed" && resolve(null));
    openBeside(anchor, picker);
    picker.querySelector("input").focus();
  });
}

/** @param {(chosen: Emoji) => void} choose */
function makePicker(choose) {
  const search = h("input", { type: "search", placeholder: "Search emoji", "aria-label": "Search emoji", autocomplete: "off", oninput: draw, onkeydown: first });
  const kinds = h("div", { class: "emoji-kinds", role: "group", "aria-label": "Kinds of emoji" });
  const body = h("div", { class: "emoji-body", onkeydown: walk });
  const picker = h("div", { class: "popover emoji-picker", role: "dialog", "aria-label": "Choose an emoji" }, search, kinds, body);
  draw();
  emoji.ready().then(draw, failed);
  return picker;

  function draw() {
    const groups = search.value.trim() ? new Map([["Found", emoji.find(search.value, FOUND)]]) : grouped();
    fill(body, [...groups].map(([name, each]) => section(name, each)), groups.get("Found")?.length === 0 && h("p", { class: "faint" }, "No emoji is called that."));
    fill(kinds, groups.has("Found") ? [] : [...groups].map(([name, each]) => jump(name, each[0])));
    const all = cells(body);
    if (all[0]) all[0].tabIndex = 0;
  }

  /** @param {string} name @param {Emoji[]} rows */
  function section(name, rows) {
    const grid = h("div", { class: "emoji-grid" }, rows.map((each) => cell(each)));
    return h("section", { role: "group", "aria-label": name, data: { name } }, h("h2", null, name), grid);
  }

  /** @param {Emoji} each */
  function cell(each) {
    return h("button", { type: "button", tabindex: -1, "aria-label": each.emoji_name.replaceAll("_", " "), title: `:${each.emoji_name}:`, onclick: () => choose(each) }, emoji.show(each));
  }

  /** @param {string} name @param {Emoji} sample */
  function jump(name, sample) {
    const show = () => body.querySelector(`[data-name="${name}"]`).scrollIntoView();
    return h("button", { type: "button", class: "icon-button", "aria-label": name, title: name, onclick: show }, name in SIGNS ? icon(SIGNS[/** @type {keyof typeof SIGNS} */ (name)]) : emoji.show(sample));
  }

  /** @param {KeyboardEvent} event */
  function first(event) {
    const found = cells(body)[0];
    if (!found || event.isComposing || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter") found.click();
    else focus(found);
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const all = cells(body);
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: below(all, at, 1), ArrowUp: below(all, at, -1), Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    if (to < 0) search.focus();
    else if (all[to]) focus(all[to]);
  }

  /** @param {HTMLButtonElement} wanted */
  function focus(wanted) {
    for (const each of body.querySelectorAll("[tabindex='0']")) /** @type {HTMLElement} */ (each).tabIndex = -1;
    wanted.tabIndex = 0;
    wanted.focus();
  }
}

/** @param {HTMLElement} body @returns {HTMLButtonElement[]} */
const cells = (body) => [...body.querySelectorAll("button")];

/** The one in the same column of the next or the last row. @param {HTMLButtonElement[]} all @param {number} at @param {1 | -1} step */
function below(all, at, step) {
  const { left, top } = all[at].getBoundingClientRect();
  for (let to = at + step; all[to]; to += step) {
    const box = all[to].getBoundingClientRect();
    if (box.top !== top && Math.abs(box.left - left) < box.width / 2) return to;
  }
  return step < 0 ? -1 : all.length - 1;
}

/** @returns {Map<string, Emoji[]>} by the name of their kind, in the order in which they are shown */
function grouped() {
  const groups = new Map([["Recent", emoji.recent()]]);
  if (emoji.ofRealm().length) groups.set("Our own", emoji.ofRealm());
  for (const each of KINDS) groups.set(each, []);
  const all = emoji.ofUnicode().map((each) => ({ each, ...kindOf(each.emoji_code) }));
  for (const { each, kind } of all.sort((one, other) => one.place - other.place)) groups.get(kind).push(each);
  return new Map([...groups].filter(([, each]) => each.length));
}
