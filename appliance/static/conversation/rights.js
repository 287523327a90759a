/** What one may do with a message, as the server decides it: it has the last word. */

import * as me from "../state/me.js";
import { realm } from "../state/told.js";
import * as users from "../state/users.js";

/** @typedef {import("./rows.js").Message} Message */

/** @param {Message} message */
const isOwn = (message) => message.sender_id === me.id();

/** @param {Message} message @param {string} limit a setting of the organization: seconds, or null for ever */
const isLate = (message, limit) => realm(limit) !== null && Date.now() / 1000 - message.timestamp > realm(limit);

/** @param {Message} message */
export function mayEdit(message) {
  return isOwn(message) && !message.submessages.length && realm("allow_message_editing") && !isLate(message, "message_content_edit_limit_seconds");
}

/** @param {Message} message another topic of the same channel */
export function mayRename(message) {
  if (message.type !== "stream") return false;
  if (message.subject === "") return true; // everybody may give it one
  return me.may("can_move_messages_between_topics_group") && (me.isModerator() || !isLate(message, "move_messages_within_stream_limit_seconds"));
}

/** @param {Message} message to another channel */
export function mayLeave(message) {
  if (message.type !== "stream") return false;
  return me.may("can_move_messages_between_channels_group") && (me.isModerator() || !isLate(message, "move_messages_between_streams_limit_seconds"));
}

/** @param {Message} message */
export const mayMove = (message) => mayRename(message) || mayLeave(message);

/** @param {Message} message */
export function mayDelete(message) {
  if (me.may("can_delete_any_message_group")) return true;
  const mine = isOwn(message) || users.get(message.sender_id).bot_owner_id === me.id();
  return mine && me.may("can_delete_own_message_group") && !isLate(message, "message_content_delete_limit_seconds");
}
