/** What is good to know before a message is sent. */

import { post } from "../base/api.js";
import * as channels from "../state/channels.js";
import * as me from "../state/me.js";
import * as topics from "../state/topics.js";
import * as users from "../state/users.js";
import { absent, forget } from "./absent.js";

/** @typedef {import("../state/destination.js").Destination} Destination */
/** @typedef {{text: string, action?: string, run?: () => Promise<unknown>}} Hint */

/** @param {Destination | null} destination @param {string} content @returns {Hint | null} */
export function hint(destination, content) {
  if (!destination) return null;
  return destination.type === "channel" ? ofChannel(destination.stream_id, destination.topic, content) : ofPeople(destination.user_ids);
}

/** @param {number} streamId @param {string} topic @param {string} content @returns {Hint | null} */
function ofChannel(streamId, topic, content) {
  const channel = channels.get(streamId);
  if (!channel) return { text: "This channel is not there any more." };
  if (channel.is_archived) return { text: `#${channel.name} is archived: nothing can be written there.` };
  if (!channels.mayPost(streamId)) return { text: `You may not write in #${channel.name}.` };
  if (!channel.subscribed) return { text: `You are not subscribed to #${channel.name}, and will not be told of answers.`, action: me.isGuest() ? undefined : "Subscribe", run: () => subscribe(channel.name) };
  if (content.trim() && topics.isResolved(topic)) return { text: "This topic is marked as resolved." };
  return ofAbsent(streamId, channel.name, absent(streamId, content));
}

/** @param {number} streamId @param {string} name @param {number[]} userIds who are mentioned, and not in the channel @returns {Hint | null} */
function ofAbsent(streamId, name, userIds) {
  if (!userIds.length) return null;
  const who = new Intl.ListFormat("en").format(userIds.map(users.name));
  const add = () => subscribe(name, userIds).then(() => forget(streamId, userIds));
  return { text: `${who} ${userIds.length > 1 ? "are" : "is"} not in #${name}, and will not be told of it.`, action: me.may("can_add_subscribers_group") ? "Add" : undefined, run: add };
}

/** @param {number[]} userIds @returns {Hint | null} */
function ofPeople(userIds) {
  const gone = userIds.filter((each) => !users.get(each).is_active);
  return gone.length ? { text: `${new Intl.ListFormat("en").format(gone.map(users.name))} ${gone.length > 1 ? "are" : "is"} no longer here.` } : null;
}

/** @param {string} name @param {number[]} [userIds] oneself, without any */
const subscribe = (name, userIds) => post("/users/me/subscriptions", { subscriptions: [{ name }], principals: userIds });
