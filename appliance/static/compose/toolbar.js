/** The buttons below the editor's field. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { openMenu } from "../parts/menu.js";
import { failed } from "../parts/toast.js";
import { FORMATS } from "./formats.js";
import { replace } from "./text.js";

/**
 * @typedef {object} Bar
 * @property {HTMLTextAreaElement} field
 * @property {(files: Iterable<File>) => void} upload
 * @property {(wanted: boolean) => Promise<void>} preview
 * @property {HTMLElement[]} actions at its end
 */

/** @param {Bar} bar */
export function makeToolbar({ field, upload, preview, actions }) {
  const files = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files to upload", onchange: () => (upload([...files.files]), (files.value = "")) });
  const look = button("eye", "Preview", () => show(!shown()).catch(failed));
  look.setAttribute("aria-pressed", "false");

  const shown = () => look.getAttribute("aria-pressed") === "true";

  /** @param {boolean} wanted */
  async function show(wanted) {
    await preview(wanted);
    look.setAttribute("aria-pressed", String(wanted));
    for (const each of bar.querySelectorAll(".changes")) /** @type {HTMLButtonElement} */ (each).disabled = wanted;
  }

  const formats = FORMATS.filter((each) => each.button).map((each) => {
    const made = button(each.icon, each.text, () => each.run(field), true);
    made.classList.add("format");
    made.title = each.key ? `${each.text} (${each.key.replace(/.$/, (last) => last.toUpperCase())})` : each.text;
    return made;
  });
  const more = button("more", "More", () => openMenu(more, items(field), "More ways to write"), true);
  more.setAttribute("aria-haspopup", "menu");
  const bar = h(
    "div",
    { class: "editor-bar", role: "toolbar", "aria-label": "Writing" },
    files,
    button("clip", "Upload files", () => files.click(), true),
    button("smile", "Insert an emoji", (anchor) => emoji(anchor, field).catch(failed), true),
    formats,
    more,
    look,
    h("span", { class: "editor-actions" }, actions),
  );
  /** Back from the preview. */
  function write() {
    if (shown()) show(false).catch(failed);
  }

  return { element: bar, write };
}

/** @param {string} name @param {string} label @param {(anchor: HTMLElement) => void} run @param {boolean} [changes] it changes the text */
function button(name, label, run, changes = false) {
  const made = h("button", { type: "button", class: ["icon-button", changes && "changes"], "aria-label": label, title: label, onclick: () => run(made) }, icon(name));
  return made;
}

/** @param {HTMLElement} anchor @param {HTMLTextAreaElement} field */
async function emoji(anchor, field) {
  const { pickEmoji } = await import("../parts/emoji_picker.js");
  const chosen = await pickEmoji(anchor);
  if (chosen) replace(field, field.selectionStart, field.selectionEnd, `:${chosen.emoji_name}: `);
}

/** @param {HTMLTextAreaElement} field @returns {import("../parts/menu.js").Item[]} */
const items = (field) => [
  ...FORMATS.map(({ text, icon, run }) => ({ text, icon, run: () => run(field) })),
  "line",
  ...DIALOGS.map(({ text, icon, value }) => ({ text, icon, run: () => begin(value, field) })),
];

/** What asks for more than a text, by the value of its suggestion. */
const DIALOGS = [
  { text: "Time…", icon: "clock", value: "time" },
  { text: "Poll…", icon: "chart", value: "poll" },
  { text: "To-do list…", icon: "check", value: "todo" },
  { text: "Saved texts…", icon: "copy", value: "snippets" },
];

/** @type {Record<string, (field: HTMLTextAreaElement) => Promise<unknown>>} */
const OPEN = {
  time: async (field) => (await import("./moment.js")).insertTime(field),
  poll: async (field) => (await import("./widgets.js")).insertPoll(field),
  todo: async (field) => (await import("./widgets.js")).insertTodo(field),
  snippets: async (field) => (await import("./snippets.js")).openSnippets(field),
};

/** @param {string} value @param {HTMLTextAreaElement} field */
function begin(value, field) {
  OPEN[value](field).catch(failed);
}

/** For the suggestions. @param {HTMLTextAreaElement} field */
export const deeds = (field) => Object.fromEntries(Object.keys(OPEN).map((each) => [each, () => begin(each, field)]));
