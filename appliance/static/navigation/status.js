/** The dialog for one's status: a short text and an emoji beside one's name. */

import { post } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { pickEmoji } from "../parts/emoji_picker.js";
import { openForm } from "../parts/form.js";
import * as emoji from "../state/emoji.js";
import * as me from "../state/me.js";
import * as statuses from "../state/statuses.js";

await style("lists");

const LONGEST = 60; // characters, as the server allows

/** @typedef {{emoji_name: string, emoji_code: string, reaction_type: string}} Emoji */

/** By the names of their emoji. */
const USUAL = [
  { text: "In a meeting", name: "calendar" },
  { text: "Commuting", name: "bus" },
  { text: "Working from home", name: "house" },
  { text: "Out sick", name: "thermometer" },
  { text: "On holiday", name: "palm_tree" },
];

export async function editStatus() {
  await emoji.ready();
  const now = statuses.of(me.id());
  let chosen = /** @type {Emoji | null} */ (now?.emoji_name ? /** @type {any} */ (now) : null);
  const text = h("input", { value: now?.status_text ?? "", maxlength: LONGEST, dir: "auto", placeholder: "What are you up to?", "aria-label": "Status", autofocus: true });
  const picker = h("button", { type: "button", class: "icon-button", "aria-label": "Choose an emoji", onclick: pick });

  /** @param {Emoji | null} emoji */
  function choose(emoji) {
    chosen = emoji;
    draw();
  }
  async function pick() {
    const picked = await pickEmoji(picker);
    if (picked) choose(picked);
  }
  const draw = () => fill(picker, chosen ? emoji.show(/** @type {any} */ (chosen)) : icon("smile"));
  const usual = USUAL.map((each) => h("button", { type: "button", class: "status-usual", onclick: () => ((text.value = each.text), choose(emoji.named(each.name) ?? null)) }, shown(each.name), each.text));
  const clear = h("button", { type: "button", class: "status-usual", onclick: () => ((text.value = ""), choose(null)) }, icon("close"), "No status");
  draw();
  openForm({ title: "Your status", body: [h("div", { class: "status-line" }, picker, text), h("div", { class: "status-list" }, usual, clear)], action: "Save", run: () => post("/users/me/status", wanted(text.value, chosen)) });
}

/** @param {string} name */
function shown(name) {
  const found = emoji.named(name);
  return found ? emoji.show(found) : null;
}

/** @param {string} text @param {Emoji | null} emoji */
function wanted(text, emoji) {
  const { emoji_name = "", emoji_code = "", reaction_type = "" } = emoji ?? {};
  return { status_text: text.trim(), emoji_name, emoji_code, reaction_type };
}
