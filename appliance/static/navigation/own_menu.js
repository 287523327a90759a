/** The menu behind one's own picture. */

import { patch } from "../base/api.js";
import { h } from "../base/dom.js";
import { openMenu } from "../parts/menu.js";
import { openPerson } from "../parts/person.js";
import { failed } from "../parts/toast.js";
import * as me from "../state/me.js";
import { setting } from "../state/told.js";
import { THEMES } from "./theme.js";

/** @typedef {import("../parts/menu.js").Item} Item */

const SIGNING_OUT = 2000; // milliseconds that the browser's push service has

/** @param {HTMLElement} anchor */
export const ownMenu = (anchor) => openMenu(anchor, items(anchor), "You, settings and more");

/** @param {HTMLElement} button @returns {Item[]} */
function items(button) {
  return [
    { text: "Your profile", icon: "person", run: () => openPerson(button, me.id()) },
    { text: "Set a status…", icon: "smile", run: () => editStatus().catch(failed) },
    { text: "Settings", icon: "gear", run: () => location.assign("#settings/profile") },
    "line",
    { text: "Channels", icon: "hash", run: () => location.assign("#channels/all") },
    { text: "Groups", icon: "people", run: () => location.assign("#groups/all") },
    { text: me.isAdmin() ? "Organization settings" : "Organization", icon: "globe", run: () => location.assign("#organization/profile") },
    ...(me.may("can_invite_users_group") ? [link("Invite people", "plus", "#organization/invitations")] : []),
    ...(me.isAdmin() ? [link("Server console", "chart", "/admin")] : []),
    "line",
    ...THEMES.map(({ text, value }) => ({ text, checked: setting("color_scheme") === value, run: () => patch("/settings", { color_scheme: value }).catch(failed) })),
    "line",
    link("Keyboard shortcuts", "key", "#keyboard-shortcuts"),
    link("How to search", "search", "#search-operators"),
    { text: "Sign out", icon: "out", run: signOut },
  ];
}

/** @param {string} text @param {string} icon @param {string} address @returns {Item} */
const link = (text, icon, address) => ({ text, icon, run: () => location.assign(address) });

async function editStatus() {
  const { editStatus } = await import("./status.js");
  editStatus();
}

/** As the form of the server's own pages. Who comes here next gets no pushes of ours. */
async function signOut() {
  const { turnOff } = await import("../notices/push.js");
  await Promise.race([turnOff().catch(() => {}), new Promise((resolve) => setTimeout(resolve, SIGNING_OUT))]);
  const form = h("form", { method: "post", action: "/logout", hidden: true });
  document.body.append(form);
  form.submit();
}
