/** One group: what it is, who is in it, who may do what with it. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as groups from "../state/groups.js";
import * as me from "../state/me.js";
import * as general from "./group_general.js";
import { join, leave } from "./group_joining.js";
import * as members from "./group_members.js";
import * as permissions from "./group_permissions.js";
import { may } from "./group_rights.js";
import { button } from "./panel.js";
import { showTabbed } from "./tabbed.js";

/** @type {import("./tabbed.js").Tab[]} */
const TABS = [
  { name: "members", text: "People", show: members.show },
  { name: "general", text: "About", show: general.show },
  { name: "permissions", text: "Permissions", show: permissions.show },
];

/** @param {HTMLElement} panel @param {number} id @param {string} [name] of a tab */
export function show(panel, id, name) {
  const group = () => groups.get(id);
  const tabs = group()?.is_system_group ? TABS.slice(0, 1) : TABS; // a role's group is what it is
  return showTabbed(panel, {
    id,
    label: "About the group",
    address: `#groups/${id}`,
    tabs,
    open: tabs.find((each) => each.name === name) ?? tabs[0],
    subjects: ["groups", "me", "told"],
    title: () => (group() ? title(group()) : null),
    form: () => [group().deactivated, may("manage", group()), may("add", group())],
  });
}

/** @param {import("./group_rights.js").Group} group */
function title(group) {
  const inside = group.members.includes(me.id());
  const deed = inside
    ? may("leave", group) && button("Leave", () => leave(group.id))
    : may("join", group) && button("Join", () => join(group.id), "primary");
  return [
    h("h2", null, icon("people"), h("bdi", null, groups.title(group.id))),
    group.deactivated && h("span", { class: "tag" }, "Deactivated"),
    h("span", { class: "deeds" }, deed),
  ];
}
