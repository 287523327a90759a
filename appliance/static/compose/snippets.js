/** Texts that one has saved to use them again: inserting, saving, changing and deleting them. */

import { patch, post, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { confirm, openDialog } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { failed } from "../parts/toast.js";
import * as snippets from "../state/snippets.js";
import { replace } from "./text.js";

const SHORT = 200; // letters of a text that are shown

/** @param {HTMLTextAreaElement} text where a chosen one goes */
export async function openSnippets(text) {
  const list = h("div", { class: "snippets" });
  const save = h("button", { type: "button", class: "primary", onclick: () => ask("Save a text", { title: "", content: text.value.trim() }, (said) => post("/saved_snippets", said)) }, "Save a text…");
  const dialog = openDialog({ title: "Saved texts", body: [list], actions: [save], onclose: watch(["snippets"], draw) });
  draw();

  function draw() {
    fill(list, snippets.all().length ? snippets.all().map(row) : h("p", { class: "empty" }, "Save a text that you write often, and insert it from here."));
  }

  /** @param {any} snippet */
  function row(snippet) {
    const insert = () => (dialog.close(), setTimeout(() => replace(text, text.selectionStart, text.selectionEnd, snippet.content)));
    return h(
      "div",
      { class: "snippet" },
      h("button", { type: "button", class: "snippet-text", onclick: insert }, h("bdi", null, snippet.title), h("small", { dir: "auto" }, snippet.content.slice(0, SHORT))),
      h("button", { type: "button", class: "icon-button", "aria-label": `Change ${snippet.title}`, onclick: () => change(snippet) }, icon("edit")),
      h("button", { type: "button", class: "icon-button", "aria-label": `Delete ${snippet.title}`, onclick: () => drop(snippet).catch(failed) }, icon("bin")),
    );
  }
}

/** @param {any} snippet */
const change = (snippet) => ask("Change a saved text", snippet, (said) => patch(`/saved_snippets/${snippet.id}`, said));

/** @param {string} heading @param {{title: string, content: string}} before @param {(said: {title: string, content: string}) => Promise<unknown>} keep */
function ask(heading, before, keep) {
  const title = h("input", { type: "text", dir: "auto", required: true, maxlength: 60, value: before.title });
  const content = h("textarea", { dir: "auto", required: true, rows: 6, value: before.content });
  openForm({ title: heading, body: [field("Name", title), field("Text", content)], action: "Save", run: () => keep({ title: title.value, content: content.value }) });
}

/** @param {any} snippet */
async function drop(snippet) {
  const sure = await confirm({ title: "Delete the saved text?", text: `“${snippet.title}” will be gone.`, action: "Delete", danger: true });
  if (sure) await remove(`/saved_snippets/${snippet.id}`);
}
