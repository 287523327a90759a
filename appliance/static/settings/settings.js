/** One's own settings: the dialog of "#settings/…". */

import { fill, h } from "../base/dom.js";
import { style } from "../base/style.js";
import { mark, openSheet, sectionLinks } from "../parts/sheet.js";

/** @typedef {import("../base/place.js").Place} Place */
/** @typedef {{name: string, title: string, icon: string, load: () => Promise<{show: import("../parts/sheet.js").Draw}>}} Section */

/** @type {Section[]} */
const SECTIONS = [
  { name: "profile", title: "Profile", icon: "person", load: () => import("./profile.js") },
  { name: "account", title: "Account and privacy", icon: "lock", load: () => import("./account.js") },
  { name: "preferences", title: "Preferences", icon: "gear", load: () => import("./preferences.js") },
  { name: "notifications", title: "Notifications", icon: "bell", load: () => import("./notifications.js") },
  { name: "devices", title: "Devices and pushes", icon: "send", load: () => import("./devices.js") },
  { name: "muted", title: "Muted and followed", icon: "mute", load: () => import("./muted.js") },
  { name: "alert-words", title: "Alert words", icon: "warn", load: () => import("./alert_words.js") },
  { name: "bots", title: "Your bots", icon: "key", load: () => import("./bots.js") },
];

/** Names that Zulip has for them. @type {Record<string, string>} */
const RENAMED = { "account-and-privacy": "account", "your-bots": "bots", topics: "muted", "muted-users": "muted", display: "preferences" };

/** @param {Place} place */
export async function open(place) {
  await style("settings");
  const list = sectionLinks(SECTIONS, "settings");
  const sheet = openSheet({ title: "Settings", list: [list], home: "#settings" });
  show(place);
  return { close: sheet.close, show };

  /** @param {Place} place */
  function show({ section: [name] }) {
    const found = SECTIONS.find((each) => each.name === (RENAMED[name] ?? name));
    const section = found ?? SECTIONS[0];
    mark(list, section.name);
    sheet.show((panel) => draw(section, panel), found !== undefined);
  }
}

/** @param {Section} section @param {HTMLElement} panel */
async function draw(section, panel) {
  const module = await section.load();
  const content = h("div", { class: "settings-section" });
  const heading = h("div", { class: "settings-title" }, h("h2", null, section.title), h("span", { class: "settings-saved", role: "status" }));
  fill(panel, heading, content);
  return module.show(content);
}
