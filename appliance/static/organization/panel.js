/** What the panels of the organization, of channels and of groups are made of. */

import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { failed } from "../parts/toast.js";

const SHOWN = 2000; // milliseconds that "Saved" is seen

/** @param {string} title @param {...Node} actions beside it */
export const heading = (title, ...actions) => h("div", { class: "panel-heading" }, h("h2", null, title), ...actions);

/** @param {string} text what the panel is for */
export const explanation = (text) => h("p", { class: "faint" }, text);

/**
 * A row of a list: what it is, what is to be said of it, and what can be done.
 * @param {object} said
 * @param {string | Node} said.title
 * @param {string | Node | (Node | string | false)[]} [said.detail]
 * @param {Node | false} [said.picture]
 * @param {(string | false)[]} [said.tags]
 * @param {(Node | false)[]} [said.actions]
 */
export function entry({ title, detail, picture, tags = [], actions = [] }) {
  const marks = tags.filter(Boolean).map((each) => h("span", { class: "tag" }, each));
  return h(
    "li",
    { class: "entry" },
    picture,
    h(
      "div",
      { class: "entry-text" },
      h("div", { class: "entry-title" }, h("bdi", null, title), marks),
      detail && h("div", { class: "entry-detail", dir: "auto" }, detail),
    ),
    h("div", { class: "entry-actions" }, actions),
  );
}

/**
 * A list that follows what it shows.
 * @template Row
 * @param {HTMLElement} panel
 * @param {{label: string, subjects: import("../base/changes.js").Subject[], rows: () => Row[], make: (row: Row) => HTMLElement, empty: string}} asked
 *   a row is made anew when anything in it has changed
 * @returns {{draw: () => void, stop: () => void}}
 */
export function liveList(panel, { label, subjects, rows, make, empty }) {
  const list = h("ul", { class: "entries", "aria-label": label });
  const none = h("p", { class: "faint" }, empty);
  panel.append(list, none);
  draw();
  return { draw, stop: watch(subjects, draw) };

  function draw() {
    const found = rows();
    none.hidden = found.length > 0;
    keyed(list, found, (row) => JSON.stringify(row), make);
  }
}

/**
 * A small button with an icon.
 * @param {string} name of the icon @param {string} label @param {() => unknown} run may return a promise, whose failure is told
 */
export function iconButton(name, label, run) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: () => attempt(run) }, icon(name));
}

/** @param {string} label @param {() => unknown} run as above @param {string} [look] a class */
export function button(label, run, look = "") {
  return h("button", { type: "button", class: look, onclick: () => attempt(run) }, label);
}

/** Says for a moment that something was saved. */
export function savedNotice() {
  const element = h("span", { class: "saved", role: "status" });
  let timer = 0;
  return { element, show };

  function show() {
    element.textContent = "Saved";
    clearTimeout(timer);
    timer = setTimeout(() => (element.textContent = ""), SHOWN);
  }
}

/** Do it, and tell the person why when it fails. @param {() => unknown} run */
export async function attempt(run) {
  try {
    await run();
  } catch (error) {
    failed(error);
  }
}
