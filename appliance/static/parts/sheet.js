/**
 * A large dialog of two columns: a list at the left, and at the right what is chosen in it. On phones one of them
 * is shown. The address says what is chosen, so that people walk through it by links.
 */

import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { openDialog } from "./dialog.js";
import { failed } from "./toast.js";

await style("sheet");

/** @typedef {void | (() => void)} Stop ends what keeps a panel right */
/** @typedef {(panel: HTMLElement) => Stop | Promise<Stop>} Draw fills an empty element */

/**
 * @param {{title: string, list: Node[], home: string, onclose?: () => void}} asked `home`: the address of the list alone
 */
export function openSheet({ title, list, home, onclose }) {
  const back = h("a", { class: "sheet-back", href: home }, icon("back"), title);
  const panel = h("div", { class: "sheet-panel", tabindex: "-1", autofocus: true });
  const dialog = openDialog({ title, body: [h("div", { class: "sheet-list" }, list), panel], wide: true, onclose: () => (end(), onclose?.()) });
  dialog.classList.add("sheet");
  let end = () => {};
  let turn = 0;
  return { close: () => dialog.close(), show };

  /** Put something at the right. @param {Draw} draw @param {boolean} chosen false: on phones the list stays */
  function show(draw, chosen) {
    const mine = ++turn;
    const content = h("div", { class: "sheet-content" });
    end();
    end = () => {};
    dialog.toggleAttribute("data-chosen", chosen);
    fill(panel, back, content);
    panel.scrollTop = 0;
    drawn(draw, content).then((stop) => {
      if (mine === turn && dialog.open) end = stop ?? (() => {});
      else stop?.();
    }, failed);
  }
}

/** @param {Draw} draw @param {HTMLElement} content @returns {Promise<any>} */
const drawn = async (draw, content) => draw(content);

/**
 * Links to sections, for the list.
 * @param {{name: string, title: string, icon: string}[]} sections @param {string} kind of place
 */
export function sectionLinks(sections, kind) {
  const links = sections.map((each) =>
    h("a", { class: "sheet-link", href: `#${kind}/${each.name}`, data: { name: each.name } }, icon(each.icon), each.title),
  );
  return h("nav", { "aria-label": "Sections" }, links);
}

/** @param {HTMLElement} list @param {string} name of the link whose panel is shown */
export function mark(list, name) {
  for (const each of list.querySelectorAll("[data-name]")) {
    if (/** @type {HTMLElement} */ (each).dataset.name === name) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
}
