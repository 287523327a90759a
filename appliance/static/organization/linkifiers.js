/** Patterns of text that become links in messages. */

import { patch, post, remove } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import { rendered } from "../base/html.js";
import { confirm } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import * as linkifiers from "../state/linkifiers.js";
import * as me from "../state/me.js";
import { attempt, button, entry, explanation, heading, iconButton, liveList } from "./panel.js";
import { steps } from "./ordering.js";

/** @typedef {import("../state/linkifiers.js").Linkifier} Linkifier */

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(heading("Linkifiers"), explanation("Text that fits a pattern becomes a link, as #123 to a ticket. They are tried in this order."));
  if (me.isAdmin())
    panel.append(
      h(
        "div",
        { class: "deeds" },
        button("Add a linkifier…", () => ask(null), "primary"),
      ),
    );
  const { stop } = liveList(panel, {
    label: "Linkifiers",
    subjects: ["linkifiers"],
    rows: linkifiers.all,
    make: row,
    empty: "There are no linkifiers yet.",
  });
  panel.append(trial());
  return stop;
}

/** @param {Linkifier} linkifier */
function row(linkifier) {
  const { id, pattern, url_template: template } = linkifier;
  const order = steps({
    name: pattern,
    id,
    ids: () => linkifiers.all().map((each) => each.id),
    save: (ids) => patch("/realm/linkifiers", { ordered_linkifier_ids: ids }),
  });
  const change = iconButton("edit", `Change ${pattern}`, () => ask(linkifier));
  return entry({
    title: h("code", { dir: "ltr" }, pattern),
    detail: h("code", { dir: "ltr" }, template),
    actions: me.isAdmin() ? [...order, change, iconButton("bin", `Remove ${pattern}`, () => drop(linkifier))] : [],
  });
}

/** @param {Linkifier} linkifier */
async function drop({ id, pattern }) {
  const text = "Links in messages that were sent stay.";
  if (await confirm({ title: `Remove ${pattern}?`, text, action: "Remove", danger: true })) await remove(`/realm/filters/${id}`);
}

/** @param {Linkifier | null} linkifier null: a new one */
function ask(linkifier) {
  const pattern = h("input", {
    type: "text",
    required: true,
    class: "code",
    dir: "ltr",
    placeholder: "#(?P<id>[0-9]+)",
    value: linkifier?.pattern ?? "",
    autofocus: true,
  });
  const template = h("input", {
    type: "text",
    required: true,
    class: "code",
    dir: "ltr",
    placeholder: "https://tickets.example.com/{id}",
    value: linkifier?.url_template ?? "",
  });
  openForm({
    title: linkifier ? "Change the linkifier" : "Add a linkifier",
    body: [
      field("Pattern", pattern, "A regular expression; (?P<id>…) names what it finds."),
      field("Address", template, "{id} stands for what was found by that name."),
    ],
    action: linkifier ? "Save" : "Add",
    run: () => {
      const said = { pattern: pattern.value.trim(), url_template: template.value.trim() };
      return linkifier ? patch(`/realm/filters/${linkifier.id}`, said) : post("/realm/filters", said);
    },
  });
}

/** What becomes of a text. */
function trial() {
  const text = h("input", { type: "text", dir: "auto", maxlength: 500 });
  const result = h("div", { class: "trial", role: "status" });
  const go = h("button", { type: "submit" }, "Try");
  return h("form", { onsubmit: attempted }, h("h3", null, "Try them"), field("A text", text), go, result);

  /** @param {SubmitEvent} event */
  function attempted(event) {
    event.preventDefault();
    attempt(async () => fill(result, rendered((await post("/messages/render", { content: text.value })).rendered)));
  }
}
