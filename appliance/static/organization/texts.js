/** The name of a channel or group, and what it is for. */

import { h } from "../base/dom.js";
import { field } from "../parts/field.js";
import { attempt, savedNotice } from "./panel.js";

/** @typedef {{name: string, description: string}} Texts */
/** @typedef {{longest: number, help?: string}} Asked `longest`: in characters */

/**
 * @param {{current: () => Texts, name: Asked, description: Asked, save: (changes: {name: string | null, description: string | null}) => Promise<unknown>}} asked
 *   `save` gets what is another now, and null for the rest
 */
export function textsForm({ current, name, description, save }) {
  const title = h("input", { type: "text", required: true, maxlength: name.longest, dir: "auto", value: current().name });
  const about = h("textarea", { rows: 3, maxlength: description.longest, dir: "auto", value: current().description });
  const saved = savedNotice();
  const button = h("button", { type: "submit", class: "primary" }, "Save");
  return h("form", { onsubmit: store }, field("Name", title, name.help), field("Description", about, description.help), h("p", null, button, " ", saved.element));

  /** @param {SubmitEvent} event */
  function store(event) {
    event.preventDefault();
    const now = current();
    const [given, text] = [title.value.trim(), about.value.trim()];
    attempt(async () => {
      await save({ name: given === now.name ? null : given, description: text === now.description ? null : text });
      saved.show();
    });
  }
}
