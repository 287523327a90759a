/** Opening a channel: all of it, or its newest topic, as one has set it; or to write in a new one. */

import * as compose from "../compose/compose.js";
import * as destinations from "../state/destination.js";
import { setting } from "../state/told.js";
import * as topics from "../state/topics.js";

const NEWEST_TOPIC = 1; // of the setting; else all of the channel

/** For a click on a link to a channel. @param {MouseEvent} event @param {number} streamId */
export function open(event, streamId) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || setting("web_channel_default_view") !== NEWEST_TOPIC) return;
  event.preventDefault();
  newestTopic(streamId).then((hash) => location.assign(hash));
}

/** @param {number} streamId @returns {Promise<string>} all of the channel where there is no topic, or no answer */
async function newestTopic(streamId) {
  const rows = await topics.recent(streamId).catch(() => /** @type {topics.Topic[]} */ ([]));
  const [newest] = rows.filter(({ name }) => !topics.isMuted(streamId, name) || topics.policy(streamId, name) === topics.INHERIT);
  return newest ? destinations.hash({ type: "channel", stream_id: streamId, topic: newest.name }) : destinations.channelHash(streamId);
}

/** @param {number} streamId */
export function newTopic(streamId) {
  compose.open({ destination: { type: "channel", stream_id: streamId, topic: "" }, focus: true });
}
