/** Pushes to an address of one's own: a topic of ntfy, or what a UnifiedPush app gives. */

import { post } from "../base/api.js";
import { h } from "../base/dom.js";
import { choice, field } from "../parts/field.js";
import { save } from "./saving.js";

const FORMS = [
  { value: "ntfy", text: "ntfy" },
  { value: "unifiedpush", text: "UnifiedPush" },
];

/** @param {HTMLElement} panel @param {() => void} added */
export function drawAddressForm(panel, added) {
  let [{ value: form }] = FORMS;
  const url = h("input", { type: "url", required: true, maxlength: 2000, placeholder: "https://ntfy.sh/a-name-that-nobody-guesses", autocapitalize: "none" });
  const kind = choice(FORMS, form, (value) => (form = value));
  panel.append(
    h("h3", null, "An address of your own"),
    h("p", { class: "faint" }, "Subscribe to a topic in the ntfy app, and give its address here. Whoever knows it can read along: choose a name that nobody guesses."),
    h("form", { onsubmit: add }, field("Address", url), field("Kind", kind), h("button", { type: "submit", class: "primary" }, "Add")),
  );

  /** @param {SubmitEvent} event */
  async function add(event) {
    event.preventDefault();
    if (!(await save(() => post("/appliance/ntfy", { url: url.value.trim(), form })))) return;
    url.value = "";
    added();
  }
}
