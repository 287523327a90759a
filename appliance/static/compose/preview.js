/** What a text will look like as a message. */

import { post } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import * as me from "../state/me.js";

/** In the place of a field. @param {HTMLTextAreaElement} field */
export function makePreview(field) {
  const element = h("div", { class: "preview rendered_markdown", role: "region", "aria-label": "Preview", tabindex: "0", dir: "auto", hidden: true });

  /** @param {boolean} wanted */
  async function show(wanted) {
    if (wanted) fill(element, field.value.trim() ? await made(field.value) : h("p", { class: "faint" }, "There is nothing to show yet."));
    element.hidden = !wanted;
    field.hidden = wanted;
    (wanted ? element : field).focus();
  }

  return { element, show, isShown: () => !element.hidden };
}

/** @param {string} content */
async function made(content) {
  const [{ rendered }, { contentOf }] = await Promise.all([post("/messages/render", { content }), import("../conversation/content.js")]);
  return contentOf({ content: rendered, sender_id: me.id(), flags: [], submessages: [], is_me_message: false });
}
