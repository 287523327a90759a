/** People and groups that were picked, each with a button that takes it out again. */

import { h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { avatar } from "../parts/avatar.js";
import * as groups from "../state/groups.js";
import * as users from "../state/users.js";
import { picker } from "./picker.js";

const MOST = 30; // of a kind that a search looks through
const UNREAL = ["role:internet", "role:nobody"]; // groups in which nobody of the organization is by that alone

/** @typedef {{kind: "person" | "group", id: number}} Chosen */

/**
 * @param {{label: string, onchange: (chosen: Chosen[]) => void, withGroups?: boolean, except?: (chosen: Chosen) => boolean}} asked
 *   `except`: who cannot be picked
 */
export function pills({ label, onchange, withGroups = false, except = () => false }) {
  const list = h("ul", { class: "pills", "aria-label": `${label}: chosen` });
  let chosen = /** @type {Chosen[]} */ ([]);
  const taken = (/** @type {Chosen} */ one) => except(one) || chosen.some((each) => each.kind === one.kind && each.id === one.id);
  const find = (/** @type {string} */ text) => [...people(text), ...(withGroups ? teams(text) : [])].filter((each) => !taken(each.value));
  const element = h("div", { class: "pill-field" }, list, picker({ label, find, pick: (one) => change([...chosen, one]) }));
  return { element, show, chosen: () => chosen };

  /** @param {Chosen[]} now */
  function show(now) {
    chosen = now;
    list.hidden = now.length === 0;
    keyed(list, now, (each) => `${each.kind} ${each.id}`, pill);
  }

  /** @param {Chosen[]} now */
  function change(now) {
    show(now);
    onchange(now);
  }

  /** @param {Chosen} one */
  function pill(one) {
    const text = named(one);
    const out = () => change(chosen.filter((each) => each.kind !== one.kind || each.id !== one.id));
    return h(
      "li",
      { class: "pill" },
      picture(one),
      h("span", { dir: "auto" }, text),
      h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${text}`, onclick: out }, icon("close")),
    );
  }
}

/** @param {Chosen} one */
const named = (one) => (one.kind === "person" ? users.name(one.id) : groups.text(one.id));

/** @param {Chosen} one */
const picture = (one) => (one.kind === "person" ? avatar(one.id, 20) : icon("people"));

/** @param {string} text @returns {import("../parts/suggestions.js").Suggestion[]} */
function people(text) {
  return users.search(text, MOST).map((row) => found({ kind: "person", id: row.user_id }, row.delivery_email ?? row.email));
}

/** @param {string} text @returns {import("../parts/suggestions.js").Suggestion[]} */
function teams(text) {
  const wanted = text.toLowerCase();
  const open = groups.all().filter((each) => !each.deactivated && !UNREAL.includes(each.name) && groups.text(each.id).toLowerCase().includes(wanted));
  return open.slice(0, MOST).map((row) => found({ kind: "group", id: row.id }, row.description));
}

/** @param {Chosen} value @param {string} detail @returns {import("../parts/suggestions.js").Suggestion} */
const found = (value, detail) => ({ text: named(value), detail, picture: picture(value), value });
