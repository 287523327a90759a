/** What a message was before it was edited or moved. */

import { get } from "../base/api.js";
import { h } from "../base/dom.js";
import { full } from "../base/time.js";
import { openDialog } from "../parts/dialog.js";
import * as channels from "../state/channels.js";
import { setting } from "../state/told.js";
import * as topics from "../state/topics.js";
import * as users from "../state/users.js";
import { contentOf } from "./content.js";

/** @typedef {Record<string, any>} Version of GET /messages/{id}/history: the first is what was sent */

/** @param {import("./rows.js").Message} message */
export async function openHistory(message) {
  const { message_history: versions } = await get(`/messages/${message.id}/history`, { allow_empty_topic_name: true });
  openDialog({ title: "Earlier versions", body: [h("ol", { class: "version-list" }, versions.map((/** @type {Version} */ each, /** @type {number} */ at) => shown(each, at === 0, message)).reverse())] });
}

/** @param {Version} version @param {boolean} isFirst @param {import("./rows.js").Message} message */
function shown(version, isFirst, message) {
  const who = version.user_id ? users.name(version.user_id) : "The server";
  const when = full(version.timestamp, setting("twenty_four_hour_time"));
  const showsText = isFirst || version.prev_content !== undefined;
  return h(
    "li",
    null,
    h("p", { class: "faint" }, h("span", { dir: "auto" }, who), ` ${isFirst ? "wrote" : deed(version)} · ${when}`),
    moves(version).map((text) => h("p", { dir: "auto" }, text)),
    showsText && h("div", { class: "rendered_markdown version-text" }, contentOf({ ...message, flags: [] }, version.rendered_content)),
  );
}

/** @param {Version} version */
const deed = (version) => (version.prev_content !== undefined ? "edited" : "moved");

/** @param {Version} version */
function moves(version) {
  const said = [];
  if (version.prev_stream !== undefined) said.push(`From #${channels.name(version.prev_stream)} to #${channels.name(version.stream)}`);
  if (version.prev_topic !== undefined) said.push(`From “${topics.shown(version.prev_topic)}” to “${topics.shown(version.topic)}”`);
  return said;
}
