/** A part of the left column that can be folded away; whether it is lasts in this browser. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";

const KEY = "folded";

/**
 * @param {{name: string, title: string, list: HTMLElement, buttons?: HTMLElement[], folded?: boolean, onopen?: () => void}} asked
 * `name`: what it is remembered by; `folded`: at first
 */
export function makeSection({ name, title, list, buttons = [], folded = false, onopen }) {
  list.id = `section-${name}`;
  const toggle = h("button", { type: "button", class: "section-title", "aria-controls": list.id, onclick: () => fold(isFolded()) }, icon("down"), h("span", null, title));
  const news = h("span", { class: "section-news" });
  const element = h("section", { class: "section", "aria-label": title }, h("h2", { class: "section-head" }, toggle, news, buttons), list);

  const isFolded = () => list.hidden === true;

  /** @param {boolean} open */
  function show(open) {
    list.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (open) onopen?.();
  }
  /** @param {boolean} open */
  function fold(open) {
    remember(name, !open);
    show(open);
  }
  /** As the reader has left it, after a search has opened it. */
  function restore() {
    const open = !(remembered()[name] ?? folded);
    if (open === isFolded()) show(open);
  }
  list.hidden = true;
  toggle.setAttribute("aria-expanded", "false");
  return { element, news, isOpen: () => !isFolded(), show, restore };
}

/** @returns {Record<string, boolean>} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // written by hand, or storage is forbidden
  }
}

/** @param {string} name @param {boolean} folded */
function remember(name, folded) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...remembered(), [name]: folded }));
  } catch {
    // full or forbidden: it is forgotten with the page
  }
}
