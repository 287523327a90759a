/** Making a group. */

import { post } from "../base/api.js";
import { h } from "../base/dom.js";
import { field } from "../parts/field.js";
import * as me from "../state/me.js";
import { MAX_DESCRIPTION, MAX_NAME } from "./group_general.js";
import { idsOf } from "./group_members.js";
import { attempt, heading } from "./panel.js";
import { pills } from "./pills.js";

/** @param {HTMLElement} panel */
export function show(panel) {
  const name = h("input", { type: "text", required: true, maxlength: MAX_NAME, dir: "auto" });
  const description = h("textarea", { rows: 2, maxlength: MAX_DESCRIPTION, dir: "auto" });
  const people = pills({ label: "Add people or groups", withGroups: true, onchange: () => {} });
  const create = h("button", { type: "submit", class: "primary" }, "Create");
  people.show([{ kind: "person", id: me.id() }]);
  panel.append(
    heading("New group"),
    h(
      "form",
      { onsubmit: submit },
      field("Name", name, "People mention it by this name."),
      field("Description", description),
      h("div", { class: "field" }, h("strong", null, "Who is in it"), people.element),
      h("p", null, create),
    ),
  );
  name.focus();

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    create.disabled = true;
    const chosen = people.chosen();
    const asked = {
      name: name.value.trim(),
      description: description.value.trim(),
      members: idsOf(chosen, "person") ?? [],
      subgroups: idsOf(chosen, "group"),
    };
    attempt(async () => {
      const { group_id: id } = await post("/user_groups/create", asked);
      location.assign(`#groups/${id}/members`);
    }).then(() => (create.disabled = false));
  }
}
