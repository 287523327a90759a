/** What a group is called, and what for; ending it. */

import { patch, post } from "../base/api.js";
import { h } from "../base/dom.js";
import { day } from "../base/time.js";
import { confirm } from "../parts/dialog.js";
import * as groups from "../state/groups.js";
import * as users from "../state/users.js";
import { may } from "./group_rights.js";
import { button, explanation } from "./panel.js";
import { textsForm } from "./texts.js";

/** In characters, as the server has them. */
export const MAX_NAME = 100, MAX_DESCRIPTION = 1024;

/** @param {HTMLElement} panel @param {number} id */
export function show(panel, id) {
  const group = groups.get(id);
  const made = group.date_created ? `Made ${group.creator_id ? `by ${users.name(group.creator_id)}, ` : ""}${day(group.date_created)}.` : "";
  if (may("manage", group))
    panel.append(
      texts(id),
      explanation(made),
      h(
        "p",
        { class: "ending" },
        button("Deactivate the group…", () => deactivate(id), "danger"),
      ),
    );
  else panel.append(h("p", { dir: "auto" }, group.description || "There is no description."), explanation(made));
}

/** @param {number} id */
const texts = (id) =>
  textsForm({
    current: () => groups.get(id),
    name: { longest: MAX_NAME, help: "People mention it by this name." },
    description: { longest: MAX_DESCRIPTION },
    save: (changes) => patch(`/user_groups/${id}`, changes),
  });

/** @param {number} id */
async function deactivate(id) {
  const text = "Nobody can mention it any more. It stays where it was mentioned.";
  if (await confirm({ title: `Deactivate ${groups.title(id)}?`, text, action: "Deactivate", danger: true }))
    await post(`/user_groups/${id}/deactivate`);
}
