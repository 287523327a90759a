/** Who is connected, and what waits for them. */

import { fill, h } from "../base/dom.js";
import { follow } from "./live.js";
import { panel } from "./panel.js";
import { table } from "./table.js";
import { count, several, size, span } from "./units.js";

const EVERY = 3; // seconds

const COLUMNS = [
  { title: "Person", cell: (/** @type {any} */ row) => h("span", { dir: "auto" }, row.full_name) },
  { title: "Client", cell: (/** @type {any} */ row) => h("span", { dir: "auto" }, row.client) },
  { title: "State", cell: (/** @type {any} */ row) => (row.waiting ? "waiting" : `idle for ${span(row.idle_seconds)}`) },
  { title: "Events", number: true, cell: (/** @type {any} */ row) => count(row.events) },
  { title: "Size", number: true, cell: (/** @type {any} */ row) => size(row.bytes) },
  { title: "Kept idle for", number: true, cell: (/** @type {any} */ row) => span(row.queue_timeout) },
];

/** @param {HTMLElement} root @returns {() => void} */
export function open(root) {
  const sum = h("p", { class: "faint" });
  const list = table("Clients", COLUMNS, (row) => row.id, "No client is connected.");
  fill(root, panel("Connected clients", sum, list.element));
  return follow("clients", EVERY, (answer) => {
    list.draw(answer.clients);
    sum.textContent = summary(answer);
  }).stop;
}

/** @param {Record<string, any>} answer */
function summary(answer) {
  const all = `${several(answer.count, "event queue")}; ${count(answer.waiting)} with a client that waits. ${several(answer.events, "event")} to fetch (${size(answer.bytes)}).`;
  const left = answer.count - answer.clients.length;
  return left ? `${all} Those with the most to fetch come first; ${count(left)} more are not shown.` : all;
}
