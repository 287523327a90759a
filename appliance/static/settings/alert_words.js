/** Words that one wants to be told of, wherever they are said. */

import { post, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { field } from "../parts/field.js";
import * as alertWords from "../state/alert_words.js";
import { save } from "./saving.js";

const LONGEST = 100; // characters, as the server has it

/** @param {HTMLElement} panel */
export function show(panel) {
  const input = h("input", { maxlength: LONGEST, required: true, dir: "auto" });
  const list = h("ul", { class: "settings-list", "aria-label": "Alert words" });
  const none = h("p", { class: "empty" }, "No words yet. Your project's name may be one.");
  panel.append(
    h("p", { class: "faint" }, "Messages with one of these words are marked, and you hear of them as if you were mentioned. Capital letters do not matter."),
    h("form", { class: "settings-row", onsubmit: add }, field("Word or phrase", input), h("button", { type: "submit", class: "primary" }, "Add")),
    list,
    none,
  );
  draw();
  return watch(["alert_words"], draw);

  function draw() {
    const words = [...alertWords.all()].sort((one, other) => one.localeCompare(other));
    fill(list, words.map(row));
    none.hidden = words.length > 0;
  }

  /** @param {SubmitEvent} event */
  async function add(event) {
    event.preventDefault();
    if (await save(() => post("/users/me/alert_words", { alert_words: [input.value] }))) input.value = "";
  }
}

/** @param {string} word */
function row(word) {
  const drop = () => save(() => remove("/users/me/alert_words", { alert_words: [word] }));
  return h("li", null, h("bdi", null, word), h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${word}`, onclick: drop }, icon("bin")));
}
