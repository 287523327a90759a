/** The Markdown of a message. */

import { get } from "../base/api.js";
import { h } from "../base/dom.js";
import { copy } from "../parts/clipboard.js";
import { openDialog } from "../parts/dialog.js";

/** @param {import("./rows.js").Message} message */
export async function openSource(message) {
  const { raw_content: source } = await get(`/messages/${message.id}`, { apply_markdown: false, allow_empty_topic_name: true });
  const button = h("button", { type: "button", onclick: () => copy(source) }, "Copy");
  openDialog({ title: "Source of the message", body: [h("pre", { class: "message-source", dir: "auto", tabindex: "0" }, source)], actions: [button] });
}
