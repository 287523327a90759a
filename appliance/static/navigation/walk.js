/** Going through the lines of a view by keyboard. */

import { shortcuts } from "../base/keys.js";

const GROUP = "In a list";

/** @param {HTMLElement} root @param {string} line selector of the links @returns {() => void} ends it */
export function walk(root, line) {
  /** @param {number} step */
  const go = (step) => {
    const all = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(line)]).filter((each) => each.checkVisibility());
    const at = all.findIndex((each) => each.contains(document.activeElement) || each.parentElement.contains(document.activeElement));
    all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
  };
  return shortcuts(
    { keys: ["ArrowDown", "j"], does: "Next line", group: GROUP, run: () => go(1) },
    { keys: ["ArrowUp", "k"], does: "Previous line", group: GROUP, run: () => go(-1) },
  );
}
