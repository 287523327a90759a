/** A poll: its question, and options with who is for them. */

import { h } from "../base/dom.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";
import { enter, entryForm, nextNumber } from "./entries.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {{key: string, text: string, voters: Set<number>}} Option */
/** @typedef {{question: string, options: Map<string, Option>}} Poll */

/** @type {Record<string, (poll: Poll, data: any, sender: number | "canned") => void>} */
const DEEDS = {
  question: (poll, { question }) => void (poll.question = String(question)),
  new_option: (poll, { idx, option }, sender) => void poll.options.set(`${sender},${idx}`, { key: `${sender},${idx}`, text: String(option), voters: new Set() }),
  vote: (poll, { key, vote }, sender) => void poll.options.get(key)?.voters[vote === 1 ? "add" : "delete"](Number(sender)),
};

/** @param {Message} message @param {any} extra @param {Entry[]} entries */
export function pollOf(message, extra, entries) {
  const poll = tally(extra, entries);
  const options = [...poll.options.values()];
  const add = (/** @type {string} */ option) => enter(message, { type: "new_option", idx: nextNumber(entries, "new_option", "idx"), option });
  return h(
    "div",
    { class: "widget poll" },
    h("p", { class: "widget-title", dir: "auto" }, poll.question || "Poll"),
    h("ul", null, options.map((each) => row(message, each))),
    entryForm("New option", add),
  );
}

/** @param {any} extra @param {Entry[]} entries @returns {Poll} */
function tally(extra, entries) {
  const poll = { question: extra.question ?? "", options: new Map() };
  const begun = (extra.options ?? []).map((/** @type {string} */ option, /** @type {number} */ idx) => ({ sender: "canned", data: { type: "new_option", idx, option } }));
  for (const { sender, data } of [...begun, ...entries]) if (Object.hasOwn(DEEDS, data.type)) DEEDS[data.type](poll, data, sender);
  return poll;
}

/** @param {Message} message @param {Option} option */
function row(message, { key, text, voters }) {
  const mine = voters.has(me.id());
  const names = [...voters].map(users.name).join(", ");
  const vote = () => enter(message, { type: "vote", key, vote: mine ? -1 : 1 });
  return h(
    "li",
    null,
    h("button", { type: "button", class: "poll-vote", "aria-pressed": String(mine), "aria-label": `${text}: ${voters.size} votes`, onclick: vote }, String(voters.size)),
    h("span", { dir: "auto" }, text),
    h("small", { dir: "auto" }, names && `(${names})`),
  );
}
