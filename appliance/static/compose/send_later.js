/** Choosing when a message is to be sent. */

import { post } from "../base/api.js";
import { h } from "../base/dom.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import { addressed } from "../state/destination.js";
import { chosen, dateField, spoken } from "./moment.js";

/** @typedef {import("../state/destination.js").Destination} Destination */

const SOONEST = 5 * 60; // seconds; as in Zulip's own apps
const HOUR = 3600;

/** @param {Destination} destination @param {string} content @param {() => void} ondone */
export function schedule(destination, content, ondone) {
  const input = dateField(Math.ceil(now() / HOUR + 1) * HOUR);
  const dialog = openForm({ title: "Send later", body: [choices(send), field("Or at", input)], action: "Schedule", run: () => send(chosen(input)) });

  /** @param {number} at seconds */
  async function send(at) {
    if (at < now() + SOONEST) throw new Error("Choose a time at least five minutes from now.");
    await post("/scheduled_messages", { ...addressed(destination), content, scheduled_delivery_timestamp: at, read_by_sender: true });
    dialog.close();
    ondone();
    toast(`It will be sent on ${spoken(at)}.`, { action: "Scheduled messages", run: () => (location.hash = "#scheduled") });
  }
}

const now = () => Math.floor(Date.now() / 1000);

/** @param {(at: number) => Promise<void>} send */
function choices(send) {
  const said = h("p", { class: "error-text", role: "alert" });
  const choose = (/** @type {number} */ at) => send(at).catch((error) => (said.textContent = error.message));
  const buttons = moments().map(([text, at]) => h("button", { type: "button", onclick: () => choose(at) }, h("span", null, text), h("small", null, spoken(at))));
  return h("div", { class: "moments" }, buttons, said);
}

/** @returns {[string, number][]} */
function moments() {
  const date = new Date();
  const untilMonday = (8 - date.getDay()) % 7 || 7;
  const all = /** @type {[string, number][]} */ ([
    ["In one hour", now() + HOUR],
    ["This afternoon", at(0, 16)],
    ["Tomorrow morning", at(1, 9)],
    ["Monday morning", at(untilMonday, 9)],
  ]);
  return all.filter(([text, moment], index) => moment > now() + SOONEST && (text !== "Monday morning" || moment !== all[index - 1][1]));
}

/** @param {number} days from today @param {number} hour of the clock here */
const at = (days, hour) => Math.floor(new Date(new Date().setHours(hour, 0, 0, 0)).setDate(new Date().getDate() + days) / 1000);
