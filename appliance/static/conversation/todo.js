/** A list of things to do, which everybody may tick off. */

import { h } from "../base/dom.js";
import { enter, entryForm, nextNumber } from "./entries.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {{key: string, task: string, desc: string, done: boolean}} Task */
/** @typedef {{title: string, tasks: Map<string, Task>}} List */

/** @type {Record<string, (list: List, data: any, sender: number | "canned") => void>} */
const DEEDS = {
  new_task_list_title: (list, { title }) => void (list.title = String(title)),
  new_task: (list, { key, task, desc, completed }, sender) =>
    void list.tasks.set(`${key},${sender}`, { key: `${key},${sender}`, task: String(task), desc: String(desc ?? ""), done: !!completed }),
  strike: (list, { key }) => {
    const task = list.tasks.get(key);
    if (task) task.done = !task.done;
  },
};

/** @param {Message} message @param {any} extra @param {Entry[]} entries */
export function todoOf(message, extra, entries) {
  const { title, tasks } = listed(extra, entries);
  const add = (/** @type {string} */ task) => enter(message, { type: "new_task", key: nextNumber(entries, "new_task", "key"), task, desc: "", completed: false });
  return h(
    "div",
    { class: "widget todo" },
    h("p", { class: "widget-title", dir: "auto" }, title || "Things to do"),
    h("ul", null, [...tasks.values()].map((each) => row(message, each))),
    entryForm("New task", add),
  );
}

/** @param {any} extra @param {Entry[]} entries @returns {List} */
function listed(extra, entries) {
  const list = { title: extra.task_list_title ?? "", tasks: new Map() };
  const begun = (extra.tasks ?? []).map((/** @type {any} */ each, /** @type {number} */ key) => ({ sender: "canned", data: { type: "new_task", key, ...each } }));
  for (const { sender, data } of [...begun, ...entries]) if (Object.hasOwn(DEEDS, data.type)) DEEDS[data.type](list, data, sender);
  return list;
}

/** @param {Message} message @param {Task} task */
function row(message, { key, task, desc, done }) {
  const strike = () => enter(message, { type: "strike", key });
  return h("li", null, h("label", { class: done ? "done" : "" }, h("input", { type: "checkbox", checked: done, onchange: strike }), h("span", { dir: "auto" }, task, desc && `: ${desc}`)));
}
