/** Groups of people: those of roles, those that people make, and the unnamed ones of permissions. */

import { changed } from "../base/changes.js";
import * as users from "./users.js";

/** @typedef {number | {direct_members: number[], direct_subgroups: number[]}} GroupSetting the id of a group, or an unnamed one */

const known = /** @type {Map<number, any>} */ (new Map());

/** @param {Record<string, any>} told */
export function load(told) {
  known.clear();
  for (const row of told.realm_user_groups) known.set(row.id, row);
  changed("groups");
}

/** @type {Record<string, (group: any, event: any) => any>} what becomes of a group */
const CHANGES = {
  update: (group, { data }) => ({ ...group, ...data }),
  add_members: (group, { user_ids }) => ({ ...group, members: union(group.members, user_ids) }),
  remove_members: (group, { user_ids }) => ({ ...group, members: without(group.members, user_ids) }),
  add_subgroups: (group, { direct_subgroup_ids: ids }) => ({ ...group, direct_subgroup_ids: union(group.direct_subgroup_ids, ids) }),
  remove_subgroups: (group, { direct_subgroup_ids: ids }) => ({ ...group, direct_subgroup_ids: without(group.direct_subgroup_ids, ids) }),
};

export const events = {
  user_group: (/** @type {any} */ event) => {
    if (event.op === "add") known.set(event.group.id, event.group);
    else if (event.op === "remove") known.delete(event.group_id);
    else if (known.has(event.group_id)) known.set(event.group_id, CHANGES[event.op]?.(known.get(event.group_id), event) ?? known.get(event.group_id));
    changed("groups");
  },
};

/** @param {number} groupId */
export const get = (groupId) => known.get(groupId);

/** All, those of roles and deactivated ones among them. */
export const all = () => [...known.values()];

/** Those that people have made and that work, by name. */
export const named = () =>
  all()
    .filter((each) => !each.is_system_group && !each.deactivated)
    .sort((one, other) => one.name.localeCompare(other.name));

/** Is somebody in a group, or in one that is in it? @param {number} groupId @param {number} userId */
export function has(groupId, userId) {
  return contains([groupId], userId);
}

/** Does a permission include somebody? @param {GroupSetting} value @param {number} userId */
export function covers(value, userId) {
  if (typeof value === "number") return has(value, userId);
  return value.direct_members.includes(userId) || contains(value.direct_subgroups, userId);
}

/** Ids of all who are in it or in one that is in it. @param {number} groupId @returns {number[]} */
export function members(groupId) {
  return union(...[...inside([groupId])].map((each) => known.get(each)?.members ?? []));
}

/** For people: "Members", "Ann, Bob and 3 more". @param {GroupSetting} value */
export function text(value) {
  if (typeof value === "number") return title(value);
  const names = [...value.direct_subgroups.map(title), ...value.direct_members.map(users.name)];
  if (names.length === 0) return "Nobody";
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

/** @type {Record<string, string>} */
const TITLES = {
  "role:internet": "Everyone on the internet",
  "role:everyone": "Everyone, guests too",
  "role:members": "Members",
  "role:fullmembers": "Full members",
  "role:moderators": "Moderators",
  "role:administrators": "Administrators",
  "role:owners": "Owners",
  "role:nobody": "Nobody",
};

/** A group's name for people. @param {number} groupId */
export function title(groupId) {
  const name = known.get(groupId)?.name ?? "Unknown group";
  return TITLES[name] ?? name;
}

/** @param {number[]} groupIds @param {number} userId */
function contains(groupIds, userId) {
  for (const each of inside(groupIds)) if (known.get(each)?.members.includes(userId)) return true;
  return false;
}

/** These groups and all in them, once each. @param {number[]} groupIds */
function inside(groupIds) {
  const found = new Set(groupIds);
  for (const each of found) for (const within of known.get(each)?.direct_subgroup_ids ?? []) found.add(within);
  return found;
}

/** @param {...number[]} lists */
const union = (...lists) => [...new Set(lists.flat())].sort((one, other) => one - other);

/** @param {number[]} list @param {number[]} others */
const without = (list, others) => list.filter((each) => !others.includes(each));
