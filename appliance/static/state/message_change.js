/** What an event makes of a message. */

import * as channels from "./channels.js";

/** @typedef {import("./messages.js").Message} Message */

/** @type {Record<string, (row: Message, event: any) => Message | null>} */
const CHANGES = {
  update_message: edited,
  delete_message: () => null,
  update_message_flags: flagged,
  reaction: reacted,
  submessage: submitted,
};

/** Twice is as good as once. @param {Message} row @param {any} event @returns {Message | null} null: it is gone */
export const rewritten = (row, event) => CHANGES[event.type](row, event);

/** @param {Message} row @param {any} event */
function edited(row, event) {
  const now = { ...row };
  if (event.rendered_content !== undefined && event.message_id === row.id) Object.assign(now, text(row, event));
  if (event.propagate_mode === undefined) return now;
  if (event.subject !== undefined) Object.assign(now, { subject: event.subject, topic_links: event.topic_links ?? [] });
  if (event.new_stream_id !== undefined) Object.assign(now, { stream_id: event.new_stream_id, display_recipient: channels.name(event.new_stream_id) });
  now.last_moved_timestamp = event.edit_timestamp;
  return now;
}

/** @param {Message} row @param {any} event */
function text(row, event) {
  const now = { content: event.rendered_content, match_content: /** @type {string | undefined} */ (undefined), is_me_message: event.is_me_message, flags: event.flags ?? row.flags };
  return event.rendering_only ? now : { ...now, last_edit_timestamp: event.edit_timestamp };
}

/** @param {Message} row @param {any} event */
function flagged(row, event) {
  const others = row.flags.filter((each) => each !== event.flag);
  return { ...row, flags: event.op === "add" ? [...others, event.flag] : others };
}

/** @param {Message} row @param {any} event */
function reacted(row, event) {
  const { emoji_name, emoji_code, reaction_type, user_id } = event;
  const others = row.reactions.filter((/** @type {any} */ each) => each.emoji_code !== emoji_code || each.reaction_type !== reaction_type || each.user_id !== user_id);
  const reaction = { emoji_name, emoji_code, reaction_type, user_id };
  return { ...row, reactions: event.op === "add" ? [...others, reaction] : others };
}

/** @param {Message} row @param {any} event */
function submitted(row, { submessage_id: id, message_id, sender_id, msg_type, content }) {
  if (row.submessages.some((/** @type {any} */ each) => each.id === id)) return row;
  return { ...row, submessages: [...row.submessages, { id, message_id, sender_id, msg_type, content }] };
}
