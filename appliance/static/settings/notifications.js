/** Of what one wants to hear, and how. */

import { h } from "../base/dom.js";
import { beep } from "../notices/sound.js";
import { drawChannelNotices } from "./channel_notices.js";
import { drawTable } from "./notification_table.js";
import { showSettings } from "./setting.js";

/** @type {import("./setting.js").Group[]} */
export const GROUPS = [
  {
    title: "On this screen",
    settings: [
      {
        name: "desktop_icon_count_display",
        label: "The number at the tab's title and the app's icon counts",
        options: [
          { value: 1, text: "all that is unread" },
          { value: 2, text: "direct messages, mentions and followed topics" },
          { value: 3, text: "direct messages and mentions" },
          { value: 4, text: "nothing" },
        ],
      },
      { name: "pm_content_in_desktop_notifications", label: "Notices show what direct messages say" },
      {
        name: "notification_sound",
        label: "Sound",
        options: [{ value: "zulip", text: "Two tones" }, { value: "ding", text: "One tone" }, { value: "none", text: "None" }],
      },
    ],
  },
  {
    title: "Pushes to phones and browsers",
    settings: [{ name: "enable_online_push_notifications", label: "Also while I am active at a screen" }],
  },
  {
    title: "Mails",
    settings: [
      {
        name: "email_notifications_batching_period_seconds",
        label: "Wait with a mail, so that one tells of several messages",
        options: [
          { value: 30, text: "30 seconds" },
          { value: 60, text: "1 minute" },
          { value: 120, text: "2 minutes" },
          { value: 300, text: "5 minutes" },
          { value: 600, text: "10 minutes" },
          { value: 1800, text: "30 minutes" },
          { value: 3600, text: "1 hour" },
          { value: 21600, text: "6 hours" },
          { value: 86400, text: "1 day" },
          { value: 604800, text: "1 week" },
        ],
      },
      { name: "message_content_in_email_notifications", label: "Mails show what messages say" },
      {
        name: "realm_name_in_email_notifications_policy",
        label: "The organization's name in the subject",
        options: [{ value: 1, text: "when I am in several" }, { value: 2, text: "always" }, { value: 3, text: "never" }],
      },
    ],
  },
  {
    title: "Other mails",
    help: "This server sends none of these so far.",
    settings: [
      { name: "enable_login_emails", label: "When somebody signs in as me from a new place" },
      { name: "enable_digest_emails", label: "When I was away for days, what there was" },
      { name: "enable_marketing_emails", label: "News of the software" },
    ],
  },
];

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(h("p", null, "Which device gets them is chosen under ", h("a", { href: "#settings/devices" }, "Devices and pushes"), "."));
  const stops = [drawTable(panel), drawChannelNotices(panel), showSettings(panel, GROUPS)];
  panel.querySelector('[aria-label="On this screen"]').append(h("button", { type: "button", onclick: () => beep() }, "Play the sound"));
  return () => stops.forEach((stop) => stop());
}
