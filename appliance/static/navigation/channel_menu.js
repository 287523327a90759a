/** What can be done with a channel of one's own. */

import { post, remove } from "../base/api.js";
import { markRead } from "../live/reading.js";
import { confirm } from "../parts/dialog.js";
import { openMenu } from "../parts/menu.js";
import { failed, toast } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import { channelHash } from "../state/destination.js";
import { copyLink } from "./copy_link.js";
import { newTopic } from "./open_channel.js";

/** @param {Element} anchor @param {number} streamId */
export function channelMenu(anchor, streamId) {
  const row = channels.get(streamId);
  const muted = channels.isMuted(streamId);
  const show = { text: "Show all messages", icon: "list", run: () => location.assign(channelHash(streamId)) };
  const link = { text: "Copy link to channel", icon: "link", run: () => copyLink(channelHash(streamId)) };
  const settings = { text: "Channel settings", icon: "gear", run: () => location.assign(`#channels/${streamId}/general`) };
  /** @type {import("../parts/menu.js").Item[]} */
  const items = [
    { text: "New topic", icon: "edit", run: () => newTopic(streamId) },
    { text: "Mark all as read", icon: "check", run: () => markRead({ type: "channel", stream_id: streamId }).catch(failed) },
    show,
    "line",
    { text: row.pin_to_top ? "Unpin from top" : "Pin to top", icon: "pin", run: () => set(streamId, "pin_to_top", !row.pin_to_top) },
    { text: muted ? "Unmute channel" : "Mute channel", icon: muted ? "bell" : "mute", run: () => set(streamId, "is_muted", !muted) },
    link,
    "line",
    settings,
    { text: "Leave channel", icon: "out", danger: true, run: () => leave(streamId) },
  ];
  openMenu(anchor, channels.isSubscribed(streamId) ? items : [show, link, settings], row.name);
}

/** @param {number} streamId @param {string} property @param {unknown} value */
function set(streamId, property, value) {
  post("/users/me/subscriptions/properties", { subscription_data: [{ stream_id: streamId, property, value }] }).catch(failed);
}

/** @param {number} streamId */
async function leave(streamId) {
  const { name, invite_only: isPrivate } = channels.get(streamId);
  const text = isPrivate ? "It is private: somebody in it must let you in again." : "You can join it again at any time.";
  if (!(await confirm({ title: `Leave #${name}?`, text, action: "Leave", danger: isPrivate }))) return;
  remove("/users/me/subscriptions", { subscriptions: [name] }).then(() => toast(`You have left #${name}.`), failed);
}
