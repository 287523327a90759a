/** Choosing people. */

import { h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { avatar } from "../parts/avatar.js";
import { makeCombobox } from "../parts/combobox.js";
import { direct } from "../state/destination.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";

/** @typedef {import("../state/destination.js").ToPeople} ToPeople */

const MOST = 8; // suggestions

/** @param {() => void} onchange @param {() => void} ondone go on with the text */
export function makeToPeople(onchange, ondone) {
  let chosen = /** @type {number[]} */ ([]);
  const pills = h("span", { class: "pills", role: "list", "aria-label": "To" });
  const input = makeCombobox({ label: "Add people", find: people, choose: add, onkeydown: pressed, onblur: () => (input.value = "") });
  const element = h("div", { class: "to-people" }, pills, input);

  function draw() {
    keyed(pills, chosen, (each) => each, pill);
    input.placeholder = chosen.length ? "Add somebody" : "To whom?";
  }

  /** @param {number} userId */
  function pill(userId) {
    const drop = h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${users.name(userId)}`, onclick: () => remove(userId) }, icon("close"));
    return h("span", { class: "pill", role: "listitem" }, avatar(userId, 20), h("bdi", null, users.name(userId)), drop);
  }

  /** @param {number} userId */
  function add(userId) {
    input.value = "";
    become([...chosen, userId]);
  }

  /** @param {number} userId */
  function remove(userId) {
    become(chosen.filter((each) => each !== userId));
    input.focus();
  }

  /** @param {number[]} ids */
  function become(ids) {
    chosen = ids;
    draw();
    onchange();
  }

  /** @param {string} text */
  function people(text) {
    if (!text && chosen.length) return [];
    const found = users.search(text, MOST + chosen.length).filter((each) => !chosen.includes(each.user_id));
    return found.slice(0, MOST).map((each) => ({ text: each.full_name, detail: each.is_bot ? "Bot" : (each.delivery_email ?? ""), picture: avatar(each.user_id, 20), value: each.user_id }));
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.key === "Backspace" && !input.value && chosen.length) become(chosen.slice(0, -1));
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    ondone();
  }

  return {
    element,
    /** @returns {ToPeople | null} */
    value: () => (chosen.length ? direct(chosen) : null),
    /** @param {ToPeople | null} destination nobody else: oneself; null: nobody yet */
    set(destination) {
      chosen = !destination ? [] : destination.user_ids.length ? destination.user_ids : [me.id()];
      draw();
    },
    focus: () => input.focus(),
  };
}
