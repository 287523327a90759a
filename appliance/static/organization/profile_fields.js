/** What the organization lets people say of themselves. */

import { patch, remove } from "../base/api.js";
import { h } from "../base/dom.js";
import { confirm } from "../parts/dialog.js";
import * as me from "../state/me.js";
import * as profileFields from "../state/profile_fields.js";
import { button, entry, explanation, heading, iconButton, liveList } from "./panel.js";
import { steps } from "./ordering.js";
import { askForField, KINDS } from "./profile_field.js";

/** @typedef {import("../state/profile_fields.js").ProfileField} ProfileField */

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(heading("Profile fields"), explanation("What people can say of themselves in their profiles, besides name and picture."));
  if (me.isAdmin())
    panel.append(
      h(
        "div",
        { class: "deeds" },
        button("Add a field…", () => askForField(null), "primary"),
      ),
    );
  return liveList(panel, {
    label: "Profile fields",
    subjects: ["profile_fields"],
    rows: profileFields.all,
    make: row,
    empty: "There are no fields yet.",
  }).stop;
}

/** @param {ProfileField} field */
function row(field) {
  const { id, name, hint, type } = field;
  const order = steps({
    name,
    id,
    ids: () => profileFields.all().map((each) => each.id),
    save: (ids) => patch("/realm/profile_fields", { order: ids }),
  });
  return entry({
    title: name,
    tags: [
      KINDS[type],
      field.display_in_profile_summary && "On cards",
      field.required && "Asked for",
      !field.editable_by_user && "Administrators only",
    ],
    detail: hint,
    actions: me.isAdmin()
      ? [...order, iconButton("edit", `Change ${name}`, () => askForField(field)), iconButton("bin", `Remove ${name}`, () => drop(field))]
      : [],
  });
}

/** @param {ProfileField} field */
async function drop({ id, name }) {
  const text = "What people have put in goes as well, and does not come back.";
  if (await confirm({ title: `Remove ${name}?`, text, action: "Remove", danger: true })) await remove(`/realm/profile_fields/${id}`);
}
