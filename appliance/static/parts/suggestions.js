/** The list of what could be meant by what is being typed, beside a field that keeps the focus. */

import { fill, h } from "../base/dom.js";

/**
 * @typedef {object} Suggestion
 * @property {string} text
 * @property {string} [detail] faint, after it
 * @property {Node | null} [picture] before it
 * @property {any} value what `choose` gets
 */

const GAP = 4; // pixels
let count = 0;

/** @param {HTMLInputElement | HTMLTextAreaElement} field @param {(value: any, key: string) => void} choose `key`: which was pressed, "" for none */
export function makeSuggestions(field, choose) {
  const list = h("div", { class: "menu suggestions", role: "listbox", id: `suggestions-${++count}`, "aria-label": "Suggestions", popover: "manual" });
  let shown = /** @type {Suggestion[]} */ ([]);
  let at = 0;
  const isLine = field instanceof HTMLInputElement; // what has several lines is no combobox
  if (isLine) field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  expanded(false);
  field.addEventListener("blur", hide);

  /** @param {Suggestion[]} suggestions none: hides it */
  function show(suggestions) {
    if (!suggestions.length || document.activeElement !== field) return hide();
    shown = suggestions;
    fill(list, shown.map(option));
    if (!list.isConnected) (field.closest("dialog") ?? document.body).append(list);
    if (!list.matches(":popover-open")) list.showPopover();
    place(field, list);
    expanded(true);
    point(0);
  }

  function hide() {
    if (!shown.length) return;
    shown = [];
    list.remove();
    expanded(false);
    field.removeAttribute("aria-activedescendant");
  }

  /** @param {boolean} isOpen */
  function expanded(isOpen) {
    if (isLine) field.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) field.setAttribute("aria-controls", list.id);
    else field.removeAttribute("aria-controls");
  }

  /** @param {Suggestion} suggestion @param {number} index */
  function option({ text, detail, picture }, index) {
    return h(
      "div",
      { role: "option", id: `${list.id}-${index}`, onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => take(index, "") },
      picture ?? null,
      h("span", { dir: "auto" }, text),
      detail ? h("small", { dir: "auto" }, detail) : null,
    );
  }

  /** @param {number} index */
  function point(index) {
    at = (index + shown.length) % shown.length;
    for (const [each, row] of [...list.children].entries()) row.setAttribute("aria-selected", String(each === at));
    field.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  /** @param {number} index @param {string} key */
  function take(index, key) {
    const { value } = shown[index];
    hide();
    choose(value, key);
  }

  /** @type {Record<string, (key: string) => void>} */
  const KEYS = {
    ArrowDown: () => point(at + 1),
    ArrowUp: () => point(at - 1),
    Enter: (key) => take(at, key),
    Tab: (key) => take(at, key),
    Escape: hide,
  };

  /** @param {KeyboardEvent} event @returns {boolean} whether the list has used it */
  function pressed(event) {
    const use = !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && KEYS[event.key];
    if (!shown.length || !use) return false;
    event.preventDefault();
    event.stopPropagation();
    use(event.key);
    return true;
  }

  return { show, hide, pressed, isOpen: () => shown.length > 0, take: (/** @type {string} */ key) => take(at, key) };
}

/** Above or below the field, where there is more room. @param {Element} field @param {HTMLElement} list */
function place(field, list) {
  const from = field.getBoundingClientRect();
  const { width, height } = list.getBoundingClientRect();
  const top = from.top > innerHeight - from.bottom ? from.top - height - GAP : from.bottom + GAP;
  list.style.setProperty("top", `${top}px`);
  list.style.setProperty("left", `${Math.max(GAP, Math.min(from.left, innerWidth - width - GAP))}px`);
}
