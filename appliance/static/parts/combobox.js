/** A line in which one types, or chooses from what fits. */

import { h } from "../base/dom.js";
import { failed } from "./toast.js";
import { makeSuggestions } from "./suggestions.js";

/** @typedef {import("./suggestions.js").Suggestion} Suggestion */

/**
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.placeholder]
 * @param {(text: string) => Suggestion[] | Promise<Suggestion[]>} options.find
 * @param {(value: any) => void} options.choose
 * @param {(event: KeyboardEvent) => void} [options.onkeydown] keys that the list has not used
 * @param {() => void} [options.oninput]
 * @param {() => void} [options.onblur]
 * @returns {HTMLInputElement}
 */
export function makeCombobox({ label, placeholder, find, choose, onkeydown, oninput, onblur }) {
  const input = h("input", { type: "text", "aria-label": label, placeholder, dir: "auto", autocomplete: "off", spellcheck: "false" });
  const list = makeSuggestions(input, choose);
  let turn = 0;

  async function look() {
    const mine = ++turn;
    const found = await find(input.value.trim());
    if (mine === turn) list.show(found);
  }

  const asked = () => look().catch(failed);
  input.addEventListener("input", () => (oninput?.(), asked()));
  input.addEventListener("focus", () => (input.select(), asked()));
  input.addEventListener("click", () => list.isOpen() || asked());
  input.addEventListener("blur", () => (turn++, onblur?.()));
  input.addEventListener("keydown", (event) => {
    if (list.pressed(event)) return turn++;
    if (event.key === "ArrowDown") return asked();
    return onkeydown?.(event);
  });
  return input;
}
