/** Suggestions while a message is being typed. */

import { makeSuggestions } from "../parts/suggestions.js";
import { SOURCES } from "./sources.js";
import { replace } from "./text.js";

/** @typedef {import("../state/destination.js").Destination} Destination */

const LOOKED_AT = 200; // characters before the cursor

/**
 * @param {HTMLTextAreaElement} field
 * @param {() => Destination | null} destination
 * @param {Record<string, () => void>} deeds what some suggestions begin in place of a text, by their value
 */
export function completion(field, destination, deeds) {
  let from = 0; // where the text begins that a suggestion replaces
  let asking = 0;
  const list = makeSuggestions(field, take);

  async function look() {
    const turn = ++asking;
    const found = field.selectionStart === field.selectionEnd && wanted(before(field));
    if (!found) return list.hide();
    const suggestions = await found.source.find(found.match, destination());
    if (turn !== asking) return;
    from = field.selectionStart - found.match[0].length;
    list.show(suggestions);
  }

  /** @param {string} value */
  function take(value) {
    asking++;
    const deed = deeds[value];
    replace(field, from, field.selectionStart, deed ? "" : value);
    deed?.();
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key === ">" && list.isOpen() && /#[^#\s>]+$/.test(before(field))) return topics();
    return list.pressed(event);
  }

  /** ">" after a channel goes on with its topics; the list shows them when it is typed. */
  function topics() {
    list.take("Tab");
    const at = field.selectionStart;
    if (field.value.slice(at - 3, at) === "** ") replace(field, at - 3, at, "");
    return false;
  }

  field.addEventListener("input", () => look().catch(list.hide));
  field.addEventListener("click", list.hide);
  field.addEventListener("blur", () => asking++);
  return { pressed, hide: list.hide };
}

/** @param {HTMLTextAreaElement} field */
const before = ({ value, selectionStart: at }) => value.slice(Math.max(0, at - LOOKED_AT), at);

/** @param {string} text up to the cursor */
function wanted(text) {
  if (inCode(text)) return null;
  for (const source of SOURCES) {
    const match = source.pattern.exec(text);
    if (match) return { source, match };
  }
  return null;
}

/** Has the last line begun a piece of code? The sign of a block is none. @param {string} text */
function inCode(text) {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return !line.startsWith("```") && line.split("`").length % 2 === 0;
}
