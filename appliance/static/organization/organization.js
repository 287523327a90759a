/** The organization: the dialog of "#organization/…". Modules of sections are fetched when they are opened. */

import { style } from "../base/style.js";
import { mark, openSheet, sectionLinks } from "../parts/sheet.js";
import * as me from "../state/me.js";

/** @typedef {import("../base/place.js").Place} Place */
/** @typedef {{show: (panel: HTMLElement) => void | (() => void)}} Panel */
/** @typedef {{name: string, title: string, icon: string, load: () => Promise<Panel>, when?: () => boolean}} Section */

const invites = () => me.isAdmin() || me.may("can_invite_users_group") || me.may("create_multiuse_invite_group");

/** @type {Section[]} */
const SECTIONS = [
  { name: "profile", title: "Profile", icon: "edit", load: () => import("./profile.js") },
  { name: "settings", title: "Settings", icon: "gear", load: () => import("./realm_panel.js").then((it) => it.settings) },
  { name: "permissions", title: "Permissions", icon: "key", load: () => import("./realm_panel.js").then((it) => it.permissions) },
  { name: "people", title: "People", icon: "people", load: () => import("./people.js"), when: () => !me.isGuest() },
  { name: "invitations", title: "Invitations", icon: "send", load: () => import("./invitations.js"), when: invites },
  { name: "bots", title: "Bots", icon: "bot", load: () => import("./bots.js"), when: () => !me.isGuest() },
  { name: "emoji", title: "Emoji", icon: "smile", load: () => import("./emoji.js") },
  { name: "linkifiers", title: "Linkifiers", icon: "link", load: () => import("./linkifiers.js") },
  { name: "playgrounds", title: "Code playgrounds", icon: "code", load: () => import("./playgrounds.js") },
  { name: "profile-fields", title: "Profile fields", icon: "person", load: () => import("./profile_fields.js") },
  { name: "default-channels", title: "Default channels", icon: "hash", load: () => import("./default_channels.js"), when: () => !me.isGuest() },
  { name: "newcomers", title: "Newcomers’ settings", icon: "bell", load: () => import("./newcomers.js"), when: me.isAdmin },
  { name: "exports", title: "Exports", icon: "download", load: () => import("./exports.js"), when: me.isAdmin },
];

/** Names that Zulip has for them. @type {Record<string, string>} */
const RENAMED = {
  "organization-profile": "profile",
  "organization-settings": "settings",
  "organization-permissions": "permissions",
  "organization-level-user-defaults": "newcomers",
  "auth-methods": "settings",
  users: "people",
  "user-list-admin": "people",
  invites: "invitations",
  "bot-list-admin": "bots",
  "emoji-settings": "emoji",
  "linkifier-settings": "linkifiers",
  "playground-settings": "playgrounds",
  "profile-field-settings": "profile-fields",
  "default-channels-list": "default-channels",
  "data-exports-admin": "exports",
};

/** @param {Place} place */
export async function open(place) {
  await style("organization");
  const sections = SECTIONS.filter((each) => !each.when || each.when());
  const list = sectionLinks(sections, "organization");
  const sheet = openSheet({ title: "Organization", list: [list], home: "#organization" });
  show(place);
  return { close: sheet.close, show };

  /** @param {Place} place */
  function show({ section: [name] }) {
    const found = sections.find((each) => each.name === (RENAMED[name] ?? name));
    const section = found ?? sections[0];
    mark(list, section.name);
    sheet.show(async (panel) => (await section.load()).show(panel), found !== undefined);
  }
}
