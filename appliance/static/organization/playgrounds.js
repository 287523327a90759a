/** Sites where blocks of code can be run: each message's block of that language has a link there. */

import { post, remove } from "../base/api.js";
import { h } from "../base/dom.js";
import { confirm } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import * as me from "../state/me.js";
import * as playgrounds from "../state/playgrounds.js";
import { button, entry, explanation, heading, iconButton, liveList } from "./panel.js";

const LONGEST = 40; // characters of names

/** @typedef {import("../state/playgrounds.js").Playground} Playground */

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(heading("Code playgrounds"), explanation("Sites where code can be tried. Blocks of code in that language get a link to it."));
  if (me.isAdmin()) panel.append(h("div", { class: "deeds" }, button("Add a playground…", ask, "primary")));
  return liveList(panel, {
    label: "Playgrounds",
    subjects: ["playgrounds"],
    rows: playgrounds.all,
    make: row,
    empty: "There are no playgrounds yet.",
  }).stop;
}

/** @param {Playground} playground */
function row(playground) {
  const { name, pygments_language: language, url_template: template } = playground;
  return entry({
    title: name,
    tags: [language],
    detail: h("code", { dir: "ltr" }, template),
    actions: [me.isAdmin() && iconButton("bin", `Remove ${name}`, () => drop(playground))],
  });
}

/** @param {Playground} playground */
async function drop({ id, name }) {
  const text = "Blocks of code have no link to it any more.";
  if (await confirm({ title: `Remove ${name}?`, text, action: "Remove", danger: true })) await remove(`/realm/playgrounds/${id}`);
}

function ask() {
  const name = h("input", { type: "text", required: true, maxlength: LONGEST, dir: "auto", autofocus: true });
  const language = h("input", { type: "text", required: true, maxlength: LONGEST, placeholder: "Python" });
  const template = h("input", { type: "text", required: true, class: "code", dir: "ltr", placeholder: "https://play.example.com/?code={code}" });
  openForm({
    title: "Add a playground",
    body: [field("Name", name), field("Language", language, "As code blocks name it."), field("Address", template, "{code} stands for the code.")],
    action: "Add",
    run: () => post("/realm/playgrounds", { name: name.value.trim(), pygments_language: language.value.trim(), url_template: template.value.trim() }),
  });
}
