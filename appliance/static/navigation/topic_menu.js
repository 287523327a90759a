/** What can be done with a topic. */

import { get, patch, post } from "../base/api.js";
import { markRead } from "../live/reading.js";
import { confirm } from "../parts/dialog.js";
import { openMenu } from "../parts/menu.js";
import { failed, toast } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as me from "../state/me.js";
import * as topics from "../state/topics.js";
import { copyLink } from "./copy_link.js";

/** @typedef {import("../parts/menu.js").Item} Item */

/** @param {Element} anchor @param {number} streamId @param {string} topic */
export function topicMenu(anchor, streamId, topic) {
  const destination = /** @type {const} */ ({ type: "channel", stream_id: streamId, topic });
  /** @type {Item[]} */
  const items = [
    ...policies(streamId, topic),
    "line",
    { text: "Mark as read", icon: "check", run: () => markRead(destination).catch(failed) },
    { text: "Copy link to topic", icon: "link", run: () => copyLink(destinations.hash(destination)) },
    ...changes(streamId, topic),
  ];
  openMenu(anchor, items, topics.shown(topic));
}

/** @param {number} streamId @param {string} topic @returns {Item[]} */
function policies(streamId, topic) {
  const now = topics.policy(streamId, topic);
  const known = [
    { text: "Mute topic", policy: topics.MUTED },
    { text: "Usual notifications", policy: topics.INHERIT },
    ...(channels.isMuted(streamId) ? [{ text: "Unmute topic", policy: topics.UNMUTED }] : []),
    { text: "Follow topic", policy: topics.FOLLOWED },
  ];
  return known.map(({ text, policy }) => ({ text, checked: policy === now, run: () => setPolicy(streamId, topic, policy) }));
}

/** For the shortcut. @param {number} streamId @param {string} topic */
export function muteTopic(streamId, topic) {
  const muted = topics.isMuted(streamId, topic);
  const other = channels.isMuted(streamId) ? topics.UNMUTED : topics.INHERIT;
  setPolicy(streamId, topic, muted ? other : topics.MUTED);
  toast(muted ? "Topic unmuted." : "Topic muted.");
}

/** @param {number} streamId @param {string} topic @param {number} policy */
function setPolicy(streamId, topic, policy) {
  post("/user_topics", { stream_id: streamId, topic, visibility_policy: policy }).catch(failed);
}

/** What others will see. @param {number} streamId @param {string} topic @returns {Item[]} */
function changes(streamId, topic) {
  const resolved = topics.isResolved(topic);
  /** @type {(Item | false)[]} */
  const items = [
    me.may("can_resolve_topics_group") && { text: resolved ? "Mark as unresolved" : "Mark as resolved", icon: "resolve", run: () => resolve(streamId, topic).catch(failed) },
    me.may("can_move_messages_between_topics_group") && { text: "Rename or move topic…", icon: "edit", run: () => move(streamId, topic).catch(failed) },
    me.isAdmin() && { text: "Delete topic…", icon: "bin", danger: true, run: () => remove(streamId, topic).catch(failed) },
  ];
  const allowed = items.filter((each) => each !== false);
  return allowed.length ? ["line", ...allowed] : [];
}

/** @param {number} streamId @param {string} topic @returns {Promise<any>} the newest message there */
async function newest(streamId, topic) {
  const narrow = destinations.terms({ type: "channel", stream_id: streamId, topic });
  const { messages } = await get("/messages", { narrow, anchor: "newest", num_before: 1, num_after: 0, allow_empty_topic_name: true });
  if (!messages.length) throw new Error("There is no message in this topic.");
  return messages[0];
}

/** @param {number} streamId @param {string} topic */
async function resolve(streamId, topic) {
  const { id } = await newest(streamId, topic);
  await patch(`/messages/${id}`, { topic: topics.resolved(topic, !topics.isResolved(topic)), propagate_mode: "change_all", send_notification_to_old_thread: false, send_notification_to_new_thread: true });
}

/** @param {number} streamId @param {string} topic */
async function move(streamId, topic) {
  const [message, { openMove }] = await Promise.all([newest(streamId, topic), import("../conversation/move.js")]);
  openMove(message, "change_all");
}

/** @param {number} streamId @param {string} topic */
async function remove(streamId, topic) {
  const text = `All messages of “${topics.shown(topic)}” in #${channels.name(streamId)} will be gone for everybody, for good.`;
  if (!(await confirm({ title: "Delete this topic?", text, action: "Delete topic", danger: true }))) return;
  for (let complete = false; !complete; ) ({ complete } = await post(`/streams/${streamId}/delete_topic`, { topic_name: topic }));
}
