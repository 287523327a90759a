/** The table of what one hears of: kinds of messages down, ways to hear of them across. */

import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { setting } from "../state/told.js";
import { change } from "./saving.js";

/** Ways to hear of something; `property` is what a subscription calls it. */
export const WAYS = [
  { property: "desktop_notifications", title: "On screen", name: "desktop" },
  { property: "audible_notifications", title: "Sound", name: "audible" },
  { property: "push_notifications", title: "Push", name: "push" },
  { property: "email_notifications", title: "Mail", name: "email" },
  { property: "wildcard_mentions_notify", title: "@all", name: "all" },
];

/** The setting of each way, by its name. @typedef {{title: string, help: string, settings: Record<string, string>}} Kind */

/** @type {Kind[]} */
export const KINDS = [
  {
    title: "Direct messages, mentions, alert words",
    help: "What is meant for you",
    settings: {
      desktop: "enable_desktop_notifications",
      audible: "enable_sounds",
      push: "enable_offline_push_notifications",
      email: "enable_offline_email_notifications",
    },
  },
  {
    title: "Followed topics",
    help: "Every message there",
    settings: {
      desktop: "enable_followed_topic_desktop_notifications",
      audible: "enable_followed_topic_audible_notifications",
      push: "enable_followed_topic_push_notifications",
      email: "enable_followed_topic_email_notifications",
      all: "enable_followed_topic_wildcard_mentions_notify",
    },
  },
  {
    title: "Channels",
    help: "Every message in all channels, unless they are muted or listed below",
    settings: {
      desktop: "enable_stream_desktop_notifications",
      audible: "enable_stream_audible_notifications",
      push: "enable_stream_push_notifications",
      email: "enable_stream_email_notifications",
      all: "wildcard_mentions_notify",
    },
  },
];

/** What all channels have. @param {string} way its name */
export const ofAllChannels = (way) => setting(KINDS[2].settings[way]);

/** @param {HTMLElement} panel @returns {() => void} */
export function drawTable(panel) {
  const boxes = /** @type {Map<string, HTMLInputElement>} */ (new Map());
  const table = h("table", { class: "settings-table" }, head("What you hear of"), h("tbody", null, KINDS.map((each) => row(each, boxes))));
  panel.append(h("div", { class: "settings-wide" }, table));
  const follow = () => boxes.forEach((box, name) => (box.checked = setting(name)));
  follow();
  return watch(["settings"], follow);
}

/** @param {string} title of the first column */
export function head(title) {
  const ways = WAYS.map((each) => h("th", { scope: "col" }, each.title));
  return h("thead", null, h("tr", null, h("th", { scope: "col" }, title), ways));
}

/** All of it can be pressed. @param {HTMLInputElement} [box] */
export const cell = (box) => h("td", null, box && h("label", { class: "settings-cell" }, box));

/** @param {Kind} kind @param {Map<string, HTMLInputElement>} boxes by setting; the row's are put in */
function row({ title, help, settings }, boxes) {
  const cells = WAYS.map((way) => cell(settings[way.name] && box(settings[way.name], `${title}: ${way.title}`, boxes)));
  return h("tr", null, h("th", { scope: "row" }, title, h("small", null, help)), cells);
}

/** @param {string} name of the setting @param {string} label @param {Map<string, HTMLInputElement>} boxes */
function box(name, label, boxes) {
  const made = h("input", { type: "checkbox", "aria-label": label, onchange: told });
  boxes.set(name, made);
  return made;

  async function told() {
    if (!(await change({ [name]: made.checked }))) made.checked = setting(name);
  }
}
