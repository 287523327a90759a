/** How the page looks and behaves: settings that the server keeps for all of one's clients. */

import { LANGUAGES } from "../parts/languages.js";
import { setting } from "../state/told.js";
import { showSettings } from "./setting.js";

const TAKING_PART = [
  { value: 1, text: "that I take part in, by a message, reaction or poll" },
  { value: 2, text: "that I write in" },
  { value: 3, text: "that I start" },
  { value: 4, text: "never" },
];

/** @type {import("./setting.js").Group[]} */
export const GROUPS = [
  {
    title: "Look",
    settings: [
      { name: "color_scheme", label: "Theme", options: [{ value: 1, text: "As the device's" }, { value: 3, text: "Light" }, { value: 2, text: "Dark" }] },
      { name: "web_font_size_px", label: "Size of text (pixels)", range: [10, 32], help: "16 is the usual size." },
      { name: "web_line_height_percent", label: "Height of lines (percent)", range: [100, 220], help: "140 is usual." },
      { name: "fluid_layout_width", label: "Use the whole width of the screen" },
      { name: "high_contrast_mode", label: "Higher contrast" },
      { name: "twenty_four_hour_time", label: "Times with 24 hours, as in 17:00" },
    ],
  },
  {
    title: "Finding your way",
    settings: [
      {
        name: "web_home_view",
        label: "First view",
        options: [{ value: "inbox", text: "Inbox" }, { value: "recent_topics", text: "Recent conversations" }, { value: "all_messages", text: "All messages" }],
      },
      { name: "web_escape_navigates_to_home_view", label: "Escape leads back to the first view" },
      { name: "web_channel_default_view", label: "A channel opens with", options: [{ value: 1, text: "its newest topic" }, { value: 2, text: "all its messages" }] },
      {
        name: "web_stream_unreads_count_display_policy",
        label: "Show how much is unread",
        options: [{ value: 1, text: "in all channels" }, { value: 2, text: "in channels that are not muted" }, { value: 3, text: "nowhere" }],
      },
      { name: "starred_message_counts", label: "Show how many messages are starred" },
    ],
  },
  {
    title: "Reading and writing",
    settings: [
      {
        name: "web_mark_read_on_scroll_policy",
        label: "Messages count as read when they were on the screen",
        options: [{ value: 1, text: "always" }, { value: 2, text: "in a single conversation only" }, { value: 3, text: "never; I mark them myself" }],
      },
      { name: "enter_sends", label: "Enter sends", help: "Otherwise Ctrl+Enter does, and Enter begins a line." },
      { name: "enable_drafts_synchronization", label: "Keep drafts on the server, for all of your devices" },
      { name: "display_emoji_reaction_users", label: "Show who reacted, where they are few" },
    ],
  },
  {
    title: "Topics",
    settings: [
      { name: "automatically_follow_topics_policy", label: "Follow topics", options: TAKING_PART },
      { name: "automatically_follow_topics_where_mentioned", label: "Follow topics where I am mentioned" },
      { name: "automatically_unmute_topics_in_muted_streams_policy", label: "In muted channels, unmute topics", options: TAKING_PART },
    ],
  },
  {
    title: "Language",
    settings: [{ name: "default_language", label: "Mails and pushes are in", options: LANGUAGES }],
  },
  {
    title: "In other apps",
    help: "This page does not use these; Zulip's own apps do.",
    settings: [
      {
        name: "emojiset",
        label: "Emoji",
        options: [
          { value: "google", text: "Google" },
          { value: "google-blob", text: "Google blobs" },
          { value: "twitter", text: "Twitter" },
          { value: "text", text: "Plain text" },
        ],
      },
      { name: "translate_emoticons", label: "Make emoji of emoticons, such as :)" },
      { name: "web_navigate_to_sent_message", label: "Go where a message was sent" },
      {
        name: "demote_inactive_streams",
        label: "Put quiet channels at the end",
        options: [{ value: 1, text: "when there are many" }, { value: 2, text: "always" }, { value: 3, text: "never" }],
      },
      {
        name: "user_list_style",
        label: "List of people",
        options: [{ value: 1, text: "Names" }, { value: 2, text: "Names and statuses" }, { value: 3, text: "Names, statuses and pictures" }],
      },
      { name: "left_side_userlist", label: "List of people on the left, in narrow windows" },
      {
        name: "web_animate_image_previews",
        label: "Play moving pictures",
        options: [{ value: "always", text: "always" }, { value: "on_hover", text: "under the pointer" }, { value: "never", text: "never" }],
      },
      { name: "web_suggest_update_timezone", label: "Offer to change the time zone when the device's is another" },
      { name: "hide_ai_features", label: "Hide AI features" },
    ],
  },
];

/** @param {HTMLElement} panel */
export const show = (panel) => showSettings(panel, GROUPS.map(withOwn));

/** A language that there is no catalogue of can have been chosen elsewhere. @param {import("./setting.js").Group} group */
function withOwn(group) {
  const own = setting("default_language");
  if (group.title !== "Language" || LANGUAGES.some((each) => each.value === own)) return group;
  const [asked] = group.settings;
  return { ...group, settings: [{ ...asked, options: [...LANGUAGES, { value: own, text: `${own} (in English)` }] }] };
}
