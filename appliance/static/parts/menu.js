/** Menus that open beside what was pressed. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";

/** @typedef {{text: string, icon?: string, danger?: boolean, checked?: boolean, run: () => void} | "line"} Item */

/** @param {Element} anchor @param {Item[]} items @param {string} label for screen readers */
export function openMenu(anchor, items, label) {
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label, onkeydown: (/** @type {KeyboardEvent} */ event) => move(menu, event) });
  menu.append(...items.map((item) => (item === "line" ? h("hr") : button(item, () => menu.hidePopover()))));
  openBeside(anchor, menu);
  /** @type {HTMLElement | null} */ (menu.querySelector("[role^=menuitem]"))?.focus();
}

/**
 * Shows an element in a layer of its own beside another, until Escape, a press elsewhere or `hidePopover()`.
 * @param {Element} anchor @param {HTMLElement} element
 */
export function openBeside(anchor, element) {
  element.popover = "auto";
  element.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") element.remove();
  });
  (anchor.closest("dialog") ?? document.body).append(element); // what is beside a dialog that is open cannot be pressed
  element.showPopover();
  const from = anchor.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const below = from.bottom + height + GAP <= innerHeight;
  const top = below ? from.bottom + GAP : Math.max(GAP, from.top - height - GAP);
  element.style.setProperty("top", `${Math.min(top, Math.max(GAP, innerHeight - height - GAP))}px`);
  element.style.setProperty("left", `${Math.max(GAP, Math.min(from.left, innerWidth - width - GAP))}px`);
}

const GAP = 4; // pixels

/** @param {Exclude<Item, "line">} item @param {() => void} close */
function button(item, close) {
  const chosen = () => (close(), item.run());
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const mark = item.checked === undefined ? item.icon : item.checked ? "check" : "";
  return h(
    "button",
    { type: "button", role, "aria-checked": item.checked === undefined ? null : String(item.checked), class: item.danger ? "danger" : "", onclick: chosen },
    mark ? icon(mark) : h("span", { class: "icon" }),
    item.text,
  );
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function move(menu, event) {
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role^=menuitem]")]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}
