/** A time in a message, which everybody sees in their own zone. */

import { h } from "../base/dom.js";
import { full } from "../base/time.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { setting } from "../state/told.js";
import { replace } from "./text.js";

/** @param {HTMLTextAreaElement} text */
export async function insertTime(text) {
  const input = dateField(Math.ceil(Date.now() / 3_600_000) * 3600);
  openForm({
    title: "Insert a time",
    body: [field("Date and time", input, "Everybody sees it in their own time zone.")],
    action: "Insert",
    run: () => setTimeout(() => replace(text, text.selectionStart, text.selectionEnd, `<time:${withZone(chosen(input))}> `)),
  });
}

/** @param {number} seconds what it shows first */
export const dateField = (seconds) => h("input", { type: "datetime-local", required: true, value: local(seconds).slice(0, 16) });

/** What was chosen, in seconds. Throws where nothing was. @param {HTMLInputElement} input */
export function chosen(input) {
  const moment = new Date(input.value).getTime() / 1000;
  if (Number.isNaN(moment)) throw new Error("Choose a date and a time.");
  return moment;
}

/** For people. @param {number} seconds */
export const spoken = (seconds) => full(seconds, setting("twenty_four_hour_time"));

/** "2026-11-22T13:00:00", here. @param {number} seconds */
const local = (seconds) => new Date((seconds - 60 * offset(seconds)) * 1000).toISOString().slice(0, 19);

/** With what it is ahead of UTC here: "2026-11-22T13:00:00+01:00". @param {number} seconds */
function withZone(seconds) {
  const minutes = Math.abs(offset(seconds));
  const parts = [Math.floor(minutes / 60), minutes % 60].map((each) => String(each).padStart(2, "0"));
  return `${local(seconds)}${offset(seconds) > 0 ? "-" : "+"}${parts.join(":")}`;
}

/** Minutes behind UTC. @param {number} seconds */
const offset = (seconds) => new Date(seconds * 1000).getTimezoneOffset();
