/** Who may do what with a group. */

import { patch } from "../base/api.js";
import { watch } from "../base/changes.js";
import * as groups from "../state/groups.js";
import { told } from "../state/told.js";
import { may } from "./group_rights.js";
import { explanation } from "./panel.js";
import { settingField } from "./setting_field.js";

/** @type {import("./realm_settings.js").Row[]} */
const PERMISSIONS = [
  { name: "can_mention_group", label: "Who may mention it", kind: "group" },
  { name: "can_join_group", label: "Who may join it", kind: "group" },
  { name: "can_leave_group", label: "Who may leave it", kind: "group" },
  { name: "can_add_members_group", label: "Who may add people", kind: "group" },
  { name: "can_remove_members_group", label: "Who may take people out", kind: "group" },
  { name: "can_manage_group", label: "Who may change all this", help: "Besides those who may manage all groups.", kind: "group" },
];

/** @param {HTMLElement} panel @param {number} id */
export function show(panel, id) {
  const mine = may("manage", groups.get(id));
  if (!mine) panel.append(explanation("Only those named under “Who may change all this” can change these."));
  const controls = PERMISSIONS.map((row) => {
    const current = () => groups.get(id)[row.name];
    const save = (/** @type {any} */ value, /** @type {any} */ old) => patch(`/user_groups/${id}`, { [row.name]: { new: value, old } });
    const permission = told("server_supported_permission_settings").group[row.name];
    return { current, ...settingField(row, save, current, { permission, why: mine ? "" : "You may not change this." }) };
  });
  panel.append(...controls.map((each) => each.element));
  return watch(["groups", "users"], () => groups.get(id) && controls.forEach((each) => each.show(each.current())));
}
