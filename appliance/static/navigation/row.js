/** A line of the left column: a link, and buttons that come into sight when one points at it. */

import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";

/**
 * @typedef {object} Line
 * @property {string} href
 * @property {string} text what it is called
 * @property {string} [lead] an icon before it; or `make` of the row makes something else of it
 * @property {string} [color] of the icon
 * @property {number} [count] of what is unread there
 * @property {boolean} [mentioned] some of it mentions the reader
 * @property {boolean} [quiet] muted, or otherwise not pressing
 * @property {boolean} [current] it is what is open
 * @property {string} [mark] an icon after it
 * @property {string} [unit] what `count` counts, where that is not what is unread
 */

/**
 * @param {Line} line
 * @param {{class?: string, lead?: (lead: string) => Node, buttons?: HTMLElement[], onclick?: (event: MouseEvent) => void}} [made]
 * @returns {HTMLElement} its first element is the row; more may be put below
 */
export function makeRow(line, { class: name = "", lead = icon, buttons = [], onclick } = {}) {
  const link = h("a", { class: "row-link", onclick });
  const item = h("li", { class: name }, h("div", { class: "row" }, link, buttons));
  /** @type {any} */ (item).lead = lead;
  drawRow(item, line);
  return item;
}

/** @param {HTMLElement} item made by `makeRow` @param {Line} line */
export function drawRow(item, line) {
  const known = /** @type {HTMLElement & {drawn?: string, lead: (lead: string) => Node}} */ (item);
  const drawn = JSON.stringify(line);
  if (known.drawn === drawn) return; // most rows, most times
  known.drawn = drawn;
  const link = /** @type {HTMLAnchorElement} */ (item.querySelector(".row-link"));
  item.classList.toggle("current", Boolean(line.current));
  item.classList.toggle("quiet", Boolean(line.quiet));
  item.classList.toggle("news", Boolean(line.count) && !line.quiet && !line.unit);
  link.setAttribute("href", line.href);
  if (line.current) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  fill(
    link,
    h("span", { class: "row-lead", style: line.color ? { "--mark-of": line.color } : {} }, line.lead !== undefined && known.lead(line.lead)),
    h("span", { class: "row-text", dir: "auto" }, line.text),
    line.mark && icon(line.mark),
    line.mentioned && h("span", { class: "mention-mark", title: "You were mentioned" }, "@"),
    badge(line.count, { quiet: line.quiet || line.unit !== undefined, unit: line.unit }),
  );
}

/** How much there is, or nothing. @param {number | undefined} count @param {{quiet?: boolean, unit?: string}} [shown] */
export function badge(count, { quiet = false, unit = "unread" } = {}) {
  if (!count) return null;
  return h("span", { class: ["count", quiet && "quiet"] }, count > 999 ? "999+" : count, h("span", { class: "unseen" }, ` ${unit}`));
}

/** The buttons of a row. @param {string} name of the icon @param {string} label @param {(button: HTMLElement) => void} run */
export function rowButton(name, label, run) {
  const button = h("button", { type: "button", class: "icon-button row-button", "aria-label": label, title: label, onclick: () => run(button) }, icon(name));
  return button;
}
