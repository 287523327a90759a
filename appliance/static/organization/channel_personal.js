/** What a channel is to oneself: colour, place, notifications. */

import { post } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { field } from "../parts/field.js";
import * as channels from "../state/channels.js";
import { attempt, explanation } from "./panel.js";
import { settingField } from "./setting_field.js";

/** @typedef {{value: boolean | null, text: string}} Option */
const AS_USUAL = /** @type {Option} */ ({ value: null, text: "as in your settings" });
const ON = /** @type {Option} */ ({ value: true, text: "yes" });
const OFF = /** @type {Option} */ ({ value: false, text: "no" });

/** @type {import("./realm_settings.js").Row[]} */
const SWITCHES = [
  { name: "is_muted", label: "Mute it", help: "Unread messages do not count, and nothing is notified.", kind: "toggle" },
  { name: "pin_to_top", label: "Pin it to the top", kind: "toggle" },
];

const NOTICES = [
  { name: "desktop_notifications", label: "Notices on the screen" },
  { name: "audible_notifications", label: "With a sound" },
  { name: "push_notifications", label: "Pushes to your devices" },
  { name: "email_notifications", label: "Mails" },
  { name: "wildcard_mentions_notify", label: "When all are mentioned" },
];

/** @param {HTMLElement} panel @param {number} id */
export function show(panel, id) {
  if (!channels.isSubscribed(id)) return void panel.append(explanation("Join the channel to choose what you hear of it."));
  const switches = SWITCHES.map((row) => control(id, row));
  const notices = NOTICES.map((row) => control(id, { ...row, kind: "choice", options: optionsFor(id, row.name) }));
  const color = h("input", { type: "color", onchange: () => attempt(() => store(id, "color", color.value)) });
  const follow = () => channels.isSubscribed(id) && [...switches, ...notices].forEach((each) => each.follow());
  color.value = channels.color(id);
  panel.append(
    h(
      "div",
      null,
      switches.map((each) => each.element),
    ),
    field("Colour", color),
    h(
      "section",
      { "aria-label": "Every message here" },
      h("h3", null, "Of every message here"),
      notices.map((each) => each.element),
    ),
  );
  return watch(["channels"], follow);
}

/** What was once chosen cannot be given back to one's settings: the server has no word for it. @param {number} id @param {string} name */
const optionsFor = (id, name) => (/** @type {any} */ (channels.get(id))[name] === null ? [AS_USUAL, ON, OFF] : [ON, OFF]);

/** @param {number} id @param {import("./realm_settings.js").Row} row */
function control(id, row) {
  const current = () => /** @type {any} */ (channels.get(id))[row.name];
  const { element, show } = settingField(row, (value) => store(id, row.name, value), current);
  return { element, follow: () => show(current()) };
}

/** @param {number} id @param {string} property @param {any} value */
const store = (id, property, value) => post("/users/me/subscriptions/properties", { subscription_data: [{ stream_id: id, property, value }] });
