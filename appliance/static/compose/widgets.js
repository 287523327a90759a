/** Polls and lists of things to do: their text is put together here. */

import { h } from "../base/dom.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import { replace } from "./text.js";

const FEWEST = 3; // lines to begin with; one more whenever the last is used
const MOST = 50;

/** @param {HTMLTextAreaElement} text */
export const insertPoll = async (text) => ask(text, { title: "Poll", command: "/poll", what: "Question", item: "Option" });

/** @param {HTMLTextAreaElement} text */
export const insertTodo = async (text) => ask(text, { title: "To-do list", command: "/todo", what: "Title", item: "Task" });

/** @param {HTMLTextAreaElement} text @param {{title: string, command: string, what: string, item: string}} kind */
function ask(text, { title, command, what, item }) {
  if (text.value.trim()) return toast(`A ${title.toLowerCase()} is a message of its own: send or clear first what you have written.`);
  const heading = h("input", { type: "text", dir: "auto", required: true });
  const lines = h("div", { class: "lines" });
  for (let count = 0; count < FEWEST; count++) grow();

  function grow() {
    if (lines.children.length >= MOST) return;
    const line = h("input", { type: "text", dir: "auto", "aria-label": `${item} ${lines.children.length + 1}`, placeholder: `${item} ${lines.children.length + 1}`, oninput: () => line === lines.lastElementChild && grow() });
    lines.append(line);
  }

  function run() {
    const items = [...lines.children].map((each) => /** @type {HTMLInputElement} */ (each).value.trim()).filter(Boolean);
    const made = [`${command} ${heading.value.trim()}`, ...items.map((each) => `- ${each}`)].join("\n");
    setTimeout(() => replace(text, 0, text.value.length, made)); // the command has to come first; when the dialog is closed
  }

  openForm({ title, body: [field(what, heading), h("p", { class: "faint" }, `${item}s, as many as you like; everybody can add more.`), lines], action: "Insert", run });
}
