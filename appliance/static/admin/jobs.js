/** The queues of background work. */

import { fill, h } from "../base/dom.js";
import { follow } from "./live.js";
import { mark, panel } from "./panel.js";
import { table } from "./table.js";
import { count, rate, size, span, when } from "./units.js";

const EVERY = 3; // seconds

/** By the server's level. @type {Record<string, ["ok" | "warning" | "error" | "off", string]>} */
const LEVELS = { OK: ["ok", "Fine"], WARNING: ["warning", "Warning"], CRITICAL: ["error", "Critical"], UNKNOWN: ["off", "Unknown"] };

const COLUMNS = [
  { title: "Queue", cell: (/** @type {any} */ row) => h("code", null, row.queue) },
  { title: "State", cell: state },
  { title: "Ready", number: true, cell: (/** @type {any} */ row) => count(row.ready) },
  { title: "Later", number: true, cell: (/** @type {any} */ row) => count(row.later) },
  { title: "Done", number: true, cell: (/** @type {any} */ row) => rate(row.rate) },
  { title: "Takes", number: true, cell: (/** @type {any} */ row) => (row.average_seconds === null ? "–" : span(row.average_seconds)) },
  { title: "Oldest", cell: (/** @type {any} */ row) => (row.oldest === null ? "–" : when(row.oldest)) },
  { title: "Dead letters", number: true, cell: dead },
  { title: "Error file", number: true, cell: (/** @type {any} */ row) => (row.error_file_bytes ? h("span", { title: `queue_errors/${row.queue}.errors` }, size(row.error_file_bytes)) : "–") },
];

/** @param {HTMLElement} root @returns {() => void} */
export function open(root) {
  const list = table("Queues of background work", COLUMNS, (row) => row.queue, "There are no queues yet.");
  fill(root, panel("Background work", h("p", { class: "faint" }, "Mails, pushes and all else that happens after a message was sent. What fails is tried again; what fails for good is a dead letter."), list.element));
  const speed = speeds();
  return follow("jobs", EVERY, (answer) => list.draw(answer.queues.map((/** @type {any} */ row) => ({ ...row, rate: speed(row) })))).stop;
}

/** @param {any} row */
function state(row) {
  const why = row.error_file_bytes ? `${row.text}; there is an error file to look at and delete` : row.text;
  return [mark(...LEVELS[row.level]), row.level !== "OK" && h("small", null, " ", why)];
}

/** @param {any} row */
function dead(row) {
  return row.dead ? h("a", { href: `#dead/${encodeURIComponent(row.queue)}` }, count(row.dead)) : "0";
}

/** How many jobs a queue has done a second, by what it had done when it was looked at before. */
function speeds() {
  const before = /** @type {Map<string, {at: number, ended: number}>} */ (new Map());
  return (/** @type {any} */ row) => {
    const now = { at: performance.now(), ended: sum(row.ended) };
    const last = before.get(row.queue) ?? now;
    before.set(row.queue, now);
    return now.at > last.at ? Math.max(0, now.ended - last.ended) / ((now.at - last.at) / 1000) : 0;
  };
}

/** @param {Record<string, number>} ended */
const sum = (ended) => Object.values(ended).reduce((all, each) => all + each, 0);
