/** A message's text in an answer to it, as Zulip quotes. */

import { get } from "../base/api.js";
import * as destinations from "../state/destination.js";
import * as users from "../state/users.js";
import { fenceOf } from "./formats.js";

/** @param {{message: any, text?: string}} quote @returns {Promise<string>} Markdown */
export async function quotation({ message, text }) {
  const source = text ?? (await get(`/messages/${message.id}`, { apply_markdown: false, allow_empty_topic_name: true })).message.content;
  const place = `${location.origin}/${destinations.hash(destinations.of(message))}/near/${message.id}`;
  const fence = fenceOf(source);
  return `@_**${users.name(message.sender_id)}|${message.sender_id}** [said](${place}):\n${fence}quote\n${source}\n${fence}`;
}
