/** Who may do what in a channel. */

import { patch } from "../base/api.js";
import { watch } from "../base/changes.js";
import * as channels from "../state/channels.js";
import { told } from "../state/told.js";
import { administers } from "./channel_rights.js";
import { explanation } from "./panel.js";
import { settingField } from "./setting_field.js";

/** @typedef {import("./channel_rights.js").Permission} Permission */

/** @type {(import("./realm_settings.js").Row & {name: Permission})[]} */
export const PERMISSIONS = [
  { name: "can_send_message_group", label: "Who may write in it", kind: "group" },
  { name: "can_subscribe_group", label: "Who may join it", help: "Of a private channel; a public one everybody but guests may join.", kind: "group" },
  { name: "can_add_subscribers_group", label: "Who may put others into it", help: "Besides those whom the organization lets do so.", kind: "group" },
  { name: "can_remove_subscribers_group", label: "Who may take others out of it", kind: "group" },
  { name: "can_administer_channel_group", label: "Who may change it", help: "Besides administrators.", kind: "group" },
];

/** @param {HTMLElement} panel @param {number} id */
export function show(panel, id) {
  const mine = administers(channels.get(id)) && !channels.get(id).is_archived;
  if (!mine) panel.append(explanation("Only administrators, and those named under “Who may change it”, can change these."));
  const controls = PERMISSIONS.map(({ name, ...row }) => {
    const current = () => channels.get(id)[name];
    const save = (/** @type {any} */ value, /** @type {any} */ old) => patch(`/streams/${id}`, { [name]: { new: value, old } });
    const permission = told("server_supported_permission_settings").stream[name];
    const control = settingField({ name, ...row }, save, current, { permission, why: mine ? "" : "You may not change this." });
    return { ...control, current };
  });
  panel.append(...controls.map((each) => each.element));
  return watch(["channels", "groups", "users"], () => channels.get(id) && controls.forEach((each) => each.show(each.current())));
}
