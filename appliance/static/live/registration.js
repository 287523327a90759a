/** Asking the server for an event queue and for all that it has to tell: POST /register. */

import { post } from "../base/api.js";

const ASKED = {
  apply_markdown: true,
  client_gravatar: false,
  slim_presence: true,
  include_subscribers: false,
  client_capabilities: {
    notification_settings_null: true,
    bulk_message_deletion: true,
    user_avatar_url_field_optional: false,
    stream_typing_notifications: true,
    user_settings_object: true,
    linkifier_url_template: true,
    user_list_incomplete: true,
    include_deactivated_groups: true,
    archived_channels: true,
    empty_topic_name: true,
    simplified_presence_events: true,
  },
};

let begun = /** @type {Promise<Record<string, any>> | null} */ (null);
let isAsked = false; // at all

/** Ask already: the first who wants the answer has it sooner, unless that one came before. */
export function begin() {
  if (isAsked) return;
  begun = ask();
  begun.catch(() => {}); // who wants the answer is told
}

/** @returns {Promise<Record<string, any>>} to what was asked already, or else is asked now */
export function answer() {
  const taken = begun ?? ask();
  begun = null;
  return taken;
}

function ask() {
  isAsked = true;
  return post("/register", ASKED);
}
