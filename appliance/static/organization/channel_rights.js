/** What one may do with a channel: the server's rules (model/permission.py), so that nothing is offered in vain. */

import * as groups from "../state/groups.js";
import * as me from "../state/me.js";

/** @typedef {import("../state/channels.js").Channel} Channel */
/** @typedef {"can_add_subscribers_group" | "can_administer_channel_group" | "can_remove_subscribers_group"} Managing */
/** @typedef {Managing | "can_send_message_group" | "can_subscribe_group"} Permission */

/** Nothing of this is for guests. @param {Channel} channel @param {...Permission} permissions */
const granted = (channel, ...permissions) => !me.isGuest() && permissions.some((each) => groups.covers(channel[each], me.id()));

/** Change it, and archive it. @param {Channel} channel */
export const administers = (channel) => me.isAdmin() || granted(channel, "can_administer_channel_group");

/** @param {Channel} channel */
export function mayJoin(channel) {
  if (channel.is_archived) return false;
  if (channel.subscribed || channel.is_web_public) return true;
  return !me.isGuest() && (!channel.invite_only || granted(channel, "can_add_subscribers_group", "can_subscribe_group"));
}

/** Put others into it. @param {Channel} channel */
export function mayAdd(channel) {
  if (channel.is_archived) return false;
  return granted(channel, "can_add_subscribers_group") || (!me.isGuest() && me.may("can_add_subscribers_group") && mayJoin(channel));
}

/** Take others out of it. @param {Channel} channel */
export const mayRemove = (channel) => me.isAdmin() || granted(channel, "can_remove_subscribers_group", "can_administer_channel_group");

/** @param {boolean} isPrivate */
export const mayCreate = (isPrivate) => me.may(isPrivate ? "can_create_private_channel_group" : "can_create_public_channel_group");
