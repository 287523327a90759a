/** The organization's settings, and who may do what in it. What one may not change is shown all the same. */

import { patch } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import * as me from "../state/me.js";
import { realm, told } from "../state/told.js";
import { showDomains } from "./domains.js";
import { heading } from "./panel.js";
import { PERMISSIONS } from "./realm_permissions.js";
import { SETTINGS } from "./realm_settings.js";
import { settingField } from "./setting_field.js";

/** @typedef {import("./realm_settings.js").Row} Row */

export const settings = {
  /** @param {HTMLElement} panel */
  show(panel) {
    panel.append(heading("Settings"));
    const ends = [showGroups(panel, SETTINGS), showDomains(panel)];
    return () => ends.forEach((end) => end());
  },
};

export const permissions = {
  /** @param {HTMLElement} panel */
  show(panel) {
    panel.append(heading("Permissions"));
    return showGroups(panel, PERMISSIONS);
  },
};

/** @param {HTMLElement} panel @param {import("./realm_settings.js").Group[]} groups */
function showGroups(panel, groups) {
  if (!me.isAdmin()) panel.append(h("p", { class: "faint" }, "Only administrators can change these."));
  const controls = groups.map(({ title, rows }) => {
    const made = rows.map((row) => ({ row, control: control(row) }));
    panel.append(
      h(
        "section",
        { "aria-label": title },
        h("h3", null, title),
        made.map((each) => each.control.element),
      ),
    );
    return made;
  });
  return watch(["told", "groups", "channels"], () => {
    for (const { row, control } of controls.flat()) control.show(realm(row.name));
  });
}

/** @param {Row} row */
function control(row) {
  const owners = row.owners && !me.isOwner() && me.isAdmin();
  const help = owners ? `${row.help ?? ""} Only owners can change this.`.trim() : row.help;
  const why = me.isAdmin() ? (owners ? "Only owners can change this." : "") : "Only administrators can change this.";
  const permission = told("server_supported_permission_settings").realm[row.name];
  return settingField(
    { ...row, help },
    (value, old) => save(row, value, old),
    () => realm(row.name),
    { permission, why },
  );
}

/** @param {Row} row @param {any} value @param {any} old */
const save = ({ name, kind }, value, old) => patch("/realm", { [name]: kind === "group" ? { new: value, old } : value });
