/**
 * Choosing who may do something: a group of a role, a group that people made, or certain people and groups.
 *
 * A value is a group's id, or `{direct_members: ids, direct_subgroups: ids}`.
 */

import { h } from "../base/dom.js";
import { field } from "../parts/field.js";
import * as groups from "../state/groups.js";
import { pills } from "./pills.js";

const SOME = 0; // the option of certain people and groups; no group has this id

/** @typedef {number | {direct_members: number[], direct_subgroups: number[]}} Value */
/**
 * @typedef {object} Permission as of server_supported_permission_settings
 * @property {boolean} require_system_group
 * @property {boolean} allow_nobody_group
 * @property {boolean} allow_everyone_group
 * @property {string[]} allowed_system_groups none: as the others say
 */
/** @typedef {import("./pills.js").Chosen} Chosen */

/**
 * @param {{label: string, help?: string, permission: Permission, onchange: (value: Value) => void}} asked
 * @returns {{element: HTMLElement, show: (value: Value) => void}}
 */
export function groupChoice({ label, help, permission, onchange }) {
  const select = h("select", { onchange: chosen });
  const except = (/** @type {Chosen} */ one) => one.kind === "group" && !allowed(permission, groups.get(one.id));
  const some = pills({ label: "Add a person or group", withGroups: true, except, onchange: (now) => onchange(valueOf(now)) });
  let options = /** @type {number[]} */ ([]);
  some.element.hidden = true;
  return { element: h("div", { class: "group-choice" }, field(label, select, help), some.element), show };

  /** @param {Value} value */
  function show(value) {
    const alone = typeof value === "number";
    options = offered(permission, alone ? value : SOME);
    select.replaceChildren(
      ...options.map((id) => h("option", { selected: id === (alone ? value : SOME) }, id ? groups.text(id) : "Certain people and groups")),
    );
    some.element.hidden = alone;
    some.show(alone ? [] : parts(value));
  }

  function chosen() {
    const id = options[select.selectedIndex];
    some.element.hidden = id !== SOME;
    if (id !== SOME) onchange(id);
    else some.element.querySelector("input").focus(); // until somebody is named, all stays as it is
  }
}

/** @param {Permission} permission @param {number} current is among them in any case */
function offered(permission, current) {
  const open = groups.all().filter((each) => each.id === current || (!each.deactivated && allowed(permission, each)));
  return [...open.map((each) => each.id), ...(permission.require_system_group ? [] : [SOME])];
}

/** @param {Permission} permission @param {{name: string, is_system_group: boolean}} group */
function allowed(permission, group) {
  if (permission.allowed_system_groups.length > 0) return permission.allowed_system_groups.includes(group.name);
  return !refused(permission).includes(group.name);
}

/** @param {Permission} permission */
const refused = (permission) => [
  "role:internet",
  !permission.allow_everyone_group && "role:everyone",
  !permission.allow_nobody_group && "role:nobody",
];

/** @param {{direct_members: number[], direct_subgroups: number[]}} value @returns {Chosen[]} */
const parts = (value) => [
  ...value.direct_subgroups.map((id) => /** @type {Chosen} */ ({ kind: "group", id })),
  ...value.direct_members.map((id) => /** @type {Chosen} */ ({ kind: "person", id })),
];

/** @param {Chosen[]} chosen @returns {Value} */
const valueOf = (chosen) => ({ direct_members: ids(chosen, "person"), direct_subgroups: ids(chosen, "group") });

/** @param {Chosen[]} chosen @param {Chosen["kind"]} kind */
const ids = (chosen, kind) => chosen.filter((each) => each.kind === kind).map((each) => each.id);
