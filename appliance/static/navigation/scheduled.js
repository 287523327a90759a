/** One's messages that are to be sent later. */

import { patch, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h, keyed } from "../base/dom.js";
import { rendered } from "../base/html.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { full } from "../base/time.js";
import * as compose from "../compose/compose.js";
import { chosen, dateField } from "../compose/moment.js";
import { confirm } from "../parts/dialog.js";
import { openForm } from "../parts/form.js";
import { field } from "../parts/field.js";
import { failed } from "../parts/toast.js";
import * as destinations from "../state/destination.js";
import * as scheduled from "../state/scheduled.js";
import { setting } from "../state/told.js";
import { walk } from "./walk.js";

await style("lists");

/** @param {HTMLElement} root */
export function open(root) {
  const list = h("ul", { class: "waiting" });
  const nothing = h("p", { class: "empty" }, "No message is to be sent later. The arrow beside “Send” sets the time for one.");
  const scroll = h("div", { class: "scroll", tabindex: "-1" }, h("div", { class: "view" }, list, nothing));
  fill(root, scroll);
  const draw = () => {
    keyed(list, scheduled.all(), (row) => JSON.stringify(row), make);
    nothing.hidden = scheduled.all().length > 0;
  };
  const stops = [watch(["scheduled", "channels", "users", "settings"], draw), walk(list, ".waiting-open")];
  draw();
  return { title: "Scheduled messages", close: () => stops.forEach((stop) => stop()), focus: () => scroll.focus({ preventScroll: true }) };
}

/** @param {any} row */
function make(row) {
  const to = scheduled.destination(row);
  return h(
    "li",
    null,
    h("a", { class: "waiting-where", href: destinations.hash(to), dir: "auto" }, destinations.title(to)),
    h("span", { class: ["waiting-when", row.failed && "error-text"] }, row.failed ? "It could not be sent" : full(row.scheduled_delivery_timestamp, setting("twenty_four_hour_time"))),
    h("div", { class: "waiting-text rendered", dir: "auto" }, rendered(row.rendered_content)),
    h(
      "div",
      { class: "waiting-deeds" },
      h("button", { type: "button", class: "waiting-open", onclick: () => retime(row) }, icon("clock"), "Change the time"),
      h("button", { type: "button", onclick: () => edit(row).catch(failed) }, icon("edit"), "Edit"),
      h("button", { type: "button", class: "danger", onclick: () => cancel(row).catch(failed) }, icon("bin"), "Delete"),
    ),
  );
}

/** It becomes a message that one is writing. @param {any} row */
async function edit(row) {
  const destination = scheduled.destination(row);
  await remove(`/scheduled_messages/${row.scheduled_message_id}`);
  location.hash = destinations.hash(destination);
  compose.open({ destination, content: row.content });
}

/** @param {any} row */
async function cancel(row) {
  const sure = await confirm({ title: "Delete this message?", text: "It will not be sent.", action: "Delete", danger: true });
  if (sure) await remove(`/scheduled_messages/${row.scheduled_message_id}`);
}

/** @param {any} row */
function retime(row) {
  const when = dateField(row.scheduled_delivery_timestamp);
  const run = () => patch(`/scheduled_messages/${row.scheduled_message_id}`, { scheduled_delivery_timestamp: chosen(when) });
  openForm({ title: "When to send it", body: [field("Day and time", when)], action: "Change", run });
}
