/** The organization's settings as people see them: names of PATCH /realm, in the order in which they are shown. */

import { LANGUAGES } from "../parts/languages.js";

/**
 * @typedef {object} Row
 * @property {string} name of the setting; register says it as "realm_" + name
 * @property {string} label
 * @property {string} [help]
 * @property {"toggle" | "choice" | "age" | "number" | "channel" | "text" | "group"} kind age: how old a message may be
 * @property {boolean} [inverted] the label says the opposite of the setting
 * @property {{value: any, text: string}[]} [options] of a choice
 * @property {any} [unlimited] of a number: what the server says for "no limit"; the field is empty then
 * @property {string} [unit] of a number
 * @property {boolean} [owners] only owners change it
 */

/** @typedef {{title: string, rows: Row[]}} Group */

export const KINDS = [
  { value: 0, text: "Not said" },
  { value: 10, text: "Business" },
  { value: 20, text: "Open-source project" },
  { value: 30, text: "Education (non-profit)" },
  { value: 35, text: "Education (for-profit)" },
  { value: 40, text: "Research" },
  { value: 50, text: "Event or conference" },
  { value: 60, text: "Non-profit" },
  { value: 70, text: "Government" },
  { value: 80, text: "Political group" },
  { value: 90, text: "Community" },
  { value: 1000, text: "Other" },
];

const HISTORY = [
  { value: 1, text: "Edits and moves" },
  { value: 2, text: "Moves only" },
  { value: 3, text: "Nothing" },
];

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((text, value) => ({ value, text }));

/** @type {Group[]} */
export const SETTINGS = [
  {
    title: "Joining",
    rows: [
      { name: "invite_required", label: "People need an invitation to join", kind: "toggle", owners: true },
      {
        name: "emails_restricted_to_domains",
        label: "Only addresses of certain domains may join",
        help: "The domains are below.",
        kind: "toggle",
        owners: true,
      },
      { name: "disallow_disposable_email_addresses", label: "Refuse addresses of throw-away mailboxes", kind: "toggle" },
      { name: "waiting_period_threshold", label: "Members are full members after", kind: "number", unit: "days", owners: true },
      { name: "send_welcome_emails", label: "Send newcomers a welcome mail", kind: "toggle" },
      { name: "default_language", label: "Language of mails to newcomers", kind: "choice", options: LANGUAGES },
    ],
  },
  {
    title: "Announcements",
    rows: [
      { name: "new_stream_announcements_stream_id", label: "New channels are announced in", kind: "channel" },
      { name: "signup_announcements_stream_id", label: "New people are announced in", kind: "channel" },
      { name: "zulip_update_announcements_stream_id", label: "News of the server are announced in", kind: "channel" },
    ],
  },
  {
    title: "Messages",
    rows: [
      { name: "mandatory_topics", label: "Every message in a channel needs a topic", kind: "toggle" },
      { name: "allow_message_editing", label: "People may edit their messages", kind: "toggle" },
      { name: "message_content_edit_limit_seconds", label: "For how long", kind: "age" },
      {
        name: "message_content_delete_limit_seconds",
        label: "People may delete their messages for",
        help: "If they may delete messages at all.",
        kind: "age",
      },
      { name: "move_messages_within_stream_limit_seconds", label: "Topics may be changed for", kind: "age" },
      { name: "move_messages_between_streams_limit_seconds", label: "Messages may be moved to other channels for", kind: "age" },
      { name: "message_edit_history_visibility_policy", label: "People can look at the history of", kind: "choice", options: HISTORY },
      {
        name: "message_retention_days",
        label: "Delete messages after",
        help: "Empty: keep them for ever. Deleted messages do not come back.",
        kind: "number",
        unit: "days",
        unlimited: -1,
        owners: true,
      },
      { name: "enable_read_receipts", label: "Show who has read a message", kind: "toggle" },
      { name: "inline_image_preview", label: "Show pictures in messages", kind: "toggle" },
      { name: "inline_url_embed_preview", label: "Show what linked pages are about", kind: "toggle" },
      { name: "default_code_block_language", label: "Language of code blocks that do not say it", help: "As “python”.", kind: "text" },
    ],
  },
  {
    title: "Profiles",
    rows: [
      { name: "name_changes_disabled", label: "People may change their names", kind: "toggle", inverted: true },
      { name: "email_changes_disabled", label: "People may change their addresses", kind: "toggle", inverted: true },
      { name: "avatar_changes_disabled", label: "People may change their pictures", kind: "toggle", inverted: true },
      { name: "require_unique_names", label: "No two people may have the same name", kind: "toggle" },
      { name: "presence_disabled", label: "Show who is here", kind: "toggle", inverted: true },
      { name: "enable_guest_user_indicator", label: "Mark guests beside their names", kind: "toggle" },
      { name: "enable_guest_user_dm_warning", label: "Remind people when they write to a guest", kind: "toggle" },
    ],
  },
  {
    title: "Mails",
    rows: [
      { name: "message_content_allowed_in_email_notifications", label: "Mails about messages have their text", kind: "toggle" },
      { name: "digest_emails_enabled", label: "Mail a digest to who has not been here", kind: "toggle" },
      { name: "digest_weekday", label: "Day of the digest", kind: "choice", options: WEEKDAYS },
    ],
  },
];
