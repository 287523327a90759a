/** What was slow, and the last warnings of the log. */

import { fill, h } from "../base/dom.js";
import { follow } from "./live.js";
import { mark, panel } from "./panel.js";
import { table } from "./table.js";
import { span, when } from "./units.js";

const EVERY = 5; // seconds

const SLOW = [
  { title: "Request", cell: (/** @type {any} */ row) => h("code", null, row.route) },
  { title: "Took", number: true, cell: (/** @type {any} */ row) => span(row.seconds) },
  { title: "Of", cell: (/** @type {any} */ row) => h("span", { dir: "auto" }, row.full_name || "nobody known") },
  { title: "When", cell: (/** @type {any} */ row) => when(row.time) },
];
const LINES = [
  { title: "Level", cell: (/** @type {any} */ row) => mark(row.level === "WARNING" ? "warning" : "error", row.level.toLowerCase()) },
  { title: "What", cell: (/** @type {any} */ row) => h("span", { dir: "auto" }, row.text) },
  { title: "From", cell: (/** @type {any} */ row) => h("code", null, row.logger.replace(/^appliance\./, "")) },
  { title: "When", cell: (/** @type {any} */ row) => when(row.time) },
];

/** @param {HTMLElement} root @returns {() => void} */
export function open(root) {
  const slow = table("Slow requests", SLOW, (row) => `${row.time} ${row.route}`, "No request took longer than a second since the server's start.");
  const lines = table("Warnings and errors", LINES, (row) => `${row.time} ${row.text}`, "The log has no warnings since the server's start.");
  fill(
    root,
    panel("Slow requests", h("p", { class: "faint" }, "The last ones that took more than a second."), slow.element),
    panel("Warnings and errors", h("p", { class: "faint" }, "The last lines of the log that are warnings or worse, without addresses of people."), lines.element),
  );
  const following = [follow("slow_requests", EVERY, (answer) => slow.draw(answer.slow_requests)), follow("log", EVERY, (answer) => lines.draw(answer.lines))];
  return () => following.forEach((each) => each.stop());
}
