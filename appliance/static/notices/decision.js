/** Does one want to hear of a message, while the page is open? The rules are Zulip's. */

import * as channels from "../state/channels.js";
import * as me from "../state/me.js";
import * as muted from "../state/muted.js";
import { setting } from "../state/told.js";
import * as topics from "../state/topics.js";

/** @typedef {import("../state/messages.js").Message} Message */

/** Settings, and the property of a subscription. */
const SCREEN = {
  personal: "enable_desktop_notifications",
  followed: "enable_followed_topic_desktop_notifications",
  channel: "desktop_notifications",
  channels: "enable_stream_desktop_notifications",
};
const SOUND = {
  personal: "enable_sounds",
  followed: "enable_followed_topic_audible_notifications",
  channel: "audible_notifications",
  channels: "enable_stream_audible_notifications",
};

/** @param {Message} message that has just come @returns {{screen: boolean, sound: boolean}} */
export function wanted(message) {
  if (!mayBeHeard(message)) return { screen: false, sound: false };
  return { screen: isWanted(message, SCREEN), sound: isWanted(message, SOUND) };
}

/** Mentions and followed topics are heard of in muted places, too. @param {Message} message */
function mayBeHeard(message) {
  if (message.sender_id === me.id() || message.flags.includes("read") || muted.isMuted(message.sender_id)) return false;
  return message.type === "private" || message.flags.includes("mentioned") || isFollowed(message) || !topics.isMuted(message.stream_id, message.subject);
}

/** @param {Message} message @param {typeof SCREEN} by */
function isWanted(message, by) {
  if (setting(by.personal) && isPersonal(message)) return true;
  if (message.type === "private") return false;
  return (setting(by.followed) && isFollowed(message)) || inChannel(message.stream_id, by.channel, by.channels);
}

/** @param {Message} message */
function isPersonal({ type, flags, ...message }) {
  if (type === "private" || flags.includes("mentioned") || flags.includes("has_alert_word")) return true;
  if (!flags.some((each) => each.endsWith("wildcard_mentioned"))) return false;
  const isHeard = inChannel(message.stream_id, "wildcard_mentions_notify", "wildcard_mentions_notify");
  return isHeard || (isFollowed(message) && setting("enable_followed_topic_wildcard_mentions_notify"));
}

/** @param {{stream_id?: number, subject?: string}} message */
const isFollowed = ({ stream_id: streamId, subject }) => streamId !== undefined && topics.policy(streamId, subject) === topics.FOLLOWED;

/** What a channel has of its own, or else all have. @param {number} streamId @param {string} property @param {string} name of the setting @returns {boolean} */
function inChannel(streamId, property, name) {
  const row = /** @type {Record<string, any> | undefined} */ (channels.get(streamId));
  return row?.[property] ?? setting(name);
}
