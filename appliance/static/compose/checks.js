/** What stands against sending a message, and what is asked before. */

import { get } from "../base/api.js";
import { confirm } from "../parts/dialog.js";
import * as channels from "../state/channels.js";
import * as me from "../state/me.js";
import { realm } from "../state/told.js";

/** @typedef {import("../state/destination.js").Destination} Destination */

const MANY = 15; // people, as the server counts: more may not be mentioned at once by everybody
const WILDCARD = /(?<!_)@\*\*(all|everyone|channel|stream)\*\*/;

/** @param {Destination | null} destination @param {{busy: () => boolean, tooLong: () => boolean}} editor @returns {string} "": nothing */
export function obstacle(destination, editor) {
  if (!destination) return "Choose where to send it.";
  if (editor.busy()) return "A file is still being uploaded.";
  if (editor.tooLong()) return "The message is too long.";
  if (destination.type === "direct") return "";
  if (!channels.mayPost(destination.stream_id)) return `You may not write in #${channels.name(destination.stream_id)}.`;
  return realm("mandatory_topics") && !destination.topic ? "A topic is needed." : "";
}

/** Is it meant, when it tells many people at once? @param {Destination} destination @param {string} content @returns {Promise<boolean>} */
export async function agreed(destination, content) {
  const found = destination.type === "channel" && WILDCARD.exec(withoutCode(content));
  if (!found) return true;
  const { subscribers } = await get(`/streams/${destination.stream_id}/members`);
  if (subscribers.length <= MANY) return true;
  if (!me.may("can_mention_many_users_group")) throw new Error(`You may not mention @${found[1]} in a channel of ${subscribers.length} people.`);
  return confirm({ title: `Mention ${subscribers.length} people?`, text: `@${found[1]} notifies everybody in #${channels.name(destination.stream_id)}.`, action: "Send" });
}

/** @param {string} content */
const withoutCode = (content) => content.replace(/^(`{3,}|~{3,})[^]*?(^\1|$(?![^]))/gm, "").replace(/`[^`\n]*`/g, "");
