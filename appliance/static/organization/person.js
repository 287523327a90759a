/** What administrators change about somebody: name, role, address; a link to sign in; sending them away. */

import { patch, post, remove } from "../base/api.js";
import { h } from "../base/dom.js";
import { copied } from "../parts/copied.js";
import { openDialog } from "../parts/dialog.js";
import { choice, field, toggle } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import * as me from "../state/me.js";
import * as profileFields from "../state/profile_fields.js";
import * as users from "../state/users.js";
import { button } from "./panel.js";
import { lasting } from "./setting_field.js";

const MAX_NAME = 100;

/** @typedef {import("../state/users.js").User} User */

/** Owners are made by owners. */
const roles = () => {
  const open = [users.OWNER, users.ADMIN, users.MODERATOR, users.MEMBER, users.GUEST].filter((each) => me.isOwner() || each !== users.OWNER);
  return open.map((value) => ({ value, text: users.ROLES[value] }));
};

/** @param {number} userId */
export function editPerson(userId) {
  const user = users.get(userId);
  const closed = user.is_owner && !me.isOwner();
  const name = h("input", { type: "text", required: true, maxlength: MAX_NAME, dir: "auto", value: user.full_name });
  const address = h("input", { type: "email", required: true, value: user.delivery_email ?? "", disabled: !me.isOwner() });
  let role = user.role;
  const chosen = choice(closed ? [{ value: role, text: users.ROLES[role] }] : roles(), role, (value) => (role = value));
  chosen.disabled = closed;
  const dialog = openForm({
    title: `Manage ${user.full_name}`,
    body: [
      field("Name", name),
      field("Role", chosen, closed ? "Only owners change the role of owners." : ""),
      field("Address", address, me.isOwner() ? "They sign in with it, and mails go there." : "Only owners change addresses."),
      closed ? false : further(user, () => dialog.close()),
    ],
    action: "Save",
    run: () => patch(`/users/${userId}`, changes(user, name.value.trim(), role, address.value.trim())),
  });
}

/** What is another now. @param {User} user @param {string} name @param {number} role @param {string} address */
function changes(user, name, role, address) {
  return {
    full_name: name !== user.full_name ? name : null,
    role: role !== user.role ? role : null,
    new_email: me.isOwner() && address !== user.delivery_email ? address : null,
  };
}

/** @param {User} user @param {() => void} leave */
function further(user, leave) {
  const own = user.user_id === me.id();
  return h(
    "div",
    { class: "further" },
    profileFields.all().length > 0 && button("Profile…", () => editProfile(user)),
    !own && button("Make a link to sign in…", () => makeLink(user)),
    button(own ? "Leave the organization…" : "Deactivate…", () => (leave(), deactivate(user)), "danger"),
  );
}

/** @param {User} user */
async function editProfile(user) {
  const { drawProfileFields } = await import("../settings/profile_fields.js");
  const fields = h("div");
  const stop = drawProfileFields(fields, user.user_id);
  openDialog({
    title: `Profile of ${user.full_name}`,
    body: [h("p", { class: "faint" }, "What you change is saved at once."), fields],
    onclose: stop,
  });
}

/** @param {User} user */
async function makeLink(user) {
  const { link, lifetime } = await post(`/appliance/users/${user.user_id}/login_link`);
  const use = `Whoever opens it signs in as ${user.full_name}, once, and chooses a new password.`;
  const care = `It is good for ${lasting(lifetime)}. Give it to nobody else.`;
  openDialog({ title: `A link for ${user.full_name}`, body: [h("p", null, use, " ", care), copied("Link", link)] });
}

/** @param {User} user */
function deactivate(user) {
  const own = user.user_id === me.id();
  const bots = users.bots().filter((each) => each.bot_owner_id === user.user_id);
  const comment = h("textarea", { rows: 3, dir: "auto", maxlength: 2000 });
  let mailed = false;
  const more = field("What to say in it", comment);
  more.hidden = true;
  openForm({
    title: own ? "Leave the organization?" : `Deactivate ${user.full_name}?`,
    body: [
      h("p", null, "They are signed out at once and cannot sign in any more. What they wrote stays. An administrator can bring them back."),
      bots.length > 0 && h("p", null, `Their bots stop, too: ${bots.map((each) => each.full_name).join(", ")}.`),
      !own && toggle("Tell them by mail", false, (checked) => ((mailed = checked), (more.hidden = !checked))),
      more,
    ],
    action: own ? "Leave" : "Deactivate",
    danger: true,
    run: () => remove(own ? "/users/me" : `/users/${user.user_id}`, { deactivation_notification_comment: mailed ? comment.value : null }),
  });
}
