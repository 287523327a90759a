/** What newcomers' settings are at first: the same tables as in one's own settings. */

import { patch } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { told } from "../state/told.js";
import { explanation, heading } from "./panel.js";
import { settingField } from "./setting_field.js";

/** @typedef {import("../settings/setting.js").Asked} Asked */
/** @typedef {import("../settings/setting.js").Group} Group */

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(
    heading("Newcomers’ settings"),
    explanation("What is set for people when they join; they can change it. Who is here already keeps what they have."),
  );
  const follows = /** @type {(() => void)[]} */ ([]);
  const stop = watch(["told"], () => follows.forEach((each) => each()));
  draw();
  return stop;

  async function draw() {
    for (const group of await tables()) {
      const fields = group.settings.filter((each) => each.name in defaults()).map(made);
      if (fields.length > 0) panel.append(h("section", { "aria-label": group.title }, h("h3", null, group.title), fields));
    }
  }

  /** @param {Asked} asked */
  function made({ name, label, help, options, range }) {
    const kind = options ? "choice" : range ? "number" : "toggle";
    const current = () => defaults()[name];
    const control = settingField({ name, label, help, options, kind }, (value) => patch("/realm/user_settings_defaults", { [name]: value }), current);
    follows.push(() => control.show(current()));
    return control.element;
  }
}

/** @returns {Record<string, any>} */
const defaults = () => told("realm_user_settings_defaults");

/** @returns {Promise<Group[]>} */
async function tables() {
  const [preferences, notifications, account, table] = await Promise.all([
    import("../settings/preferences.js"),
    import("../settings/notifications.js"),
    import("../settings/account.js"),
    import("../settings/notification_table.js"),
  ]);
  return [...preferences.GROUPS, heard(table), ...notifications.GROUPS, ...account.PRIVACY];
}

/** The table of notifications as a group. @param {typeof import("../settings/notification_table.js")} table @returns {Group} */
function heard({ KINDS, WAYS }) {
  const settings = KINDS.flatMap(({ title, settings: names }) =>
    WAYS.filter((way) => names[way.name]).map((way) => ({ name: names[way.name], label: `${title}: ${way.title}` })),
  );
  return { title: "Notifications", settings };
}
