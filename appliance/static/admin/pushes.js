/** The roads by which pushes leave. */

import { fill, h } from "../base/dom.js";
import { follow } from "./live.js";
import { mark, panel } from "./panel.js";
import { table } from "./table.js";
import { count, several } from "./units.js";

const EVERY = 5; // seconds

/** @type {Record<string, string>} */
const ROADS = { bouncer: "Zulip's push service", apns: "Apple", fcm: "Google", web: "Browsers", ntfy: "ntfy and UnifiedPush" };
/** @type {Record<string, ["ok" | "warning" | "error" | "off", string]>} */
const STATES = { on: ["ok", "On"], off: ["off", "Off"], wrong: ["error", "Set up wrongly"] };

const COLUMNS = [
  { title: "Road", cell: (/** @type {any} */ row) => ROADS[row.road] ?? row.road },
  { title: "State", cell: (/** @type {any} */ row) => (row.failing ? mark("warning", "Some fail") : mark(...STATES[row.state])) },
  { title: "Devices", number: true, cell: (/** @type {any} */ row) => count(row.devices) },
  ...["sent", "retried", "failed", "gone"].map((how) => ({ title: how[0].toUpperCase() + how.slice(1), number: true, cell: (/** @type {any} */ row) => count(row.outcomes[how] ?? 0) })),
  { title: "Last error", cell: trouble },
];

/** @param {HTMLElement} root @returns {() => void} */
export function open(root) {
  const list = table("Roads of pushes", COLUMNS, (row) => row.road, "");
  fill(
    root,
    panel("Pushes", h("p", { class: "faint" }, "How people's phones and browsers hear of what they missed. Figures are since the server's start; a device that is gone was taken away, or its app removed."), list.element),
  );
  return follow("pushes", EVERY, (answer) => list.draw(answer.roads)).stop;
}

/** @param {any} row */
function trouble(row) {
  if (row.mistake) return row.mistake;
  return row.failing ? `${several(row.failing, "device")}: ${row.error}` : "–";
}
