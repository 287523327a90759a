/** What one may do with a group: the server's rules (model/user_group.py), so that nothing is offered in vain. */

import * as groups from "../state/groups.js";
import * as me from "../state/me.js";

/** @typedef {Record<string, any> & {id: number, name: string, members: number[], is_system_group: boolean, deactivated: boolean}} Group */
/** @typedef {"manage" | "add" | "join" | "remove" | "leave"} Deed */

/** The group's permissions that allow it; who manages all groups may do all. @type {Record<Deed, string[]>} */
const ALLOWED_BY = {
  manage: ["can_manage_group"],
  add: ["can_manage_group", "can_add_members_group"],
  join: ["can_manage_group", "can_add_members_group", "can_join_group"],
  remove: ["can_manage_group", "can_remove_members_group"],
  leave: ["can_manage_group", "can_remove_members_group", "can_leave_group"],
};

/** @param {Deed} deed @param {Group} group */
export function may(deed, group) {
  if (group.is_system_group || group.deactivated) return false;
  return me.may("can_manage_all_groups") || ALLOWED_BY[deed].some((each) => groups.covers(group[each], me.id()));
}
